"""Pelvis: exams and stories of uterus, ovaries, pregnancy, prostate and testicles."""
# ruff: noqa: E501 - prose, one sentence to a line

from __future__ import annotations

from collections.abc import Iterator

from server_stub.demo.case import Case, Category, Critical, Story, Study
from server_stub.demo.exams import GADOLINIUM, Exam, Modality, Setting
from server_stub.demo.wording import Sex, cm, mm

US_PELVIS = Exam(
    "US pelvis, transabdominal and transvaginal",
    Modality.US,
    "PELVIS",
    "[Transabdominal and, with consent, transvaginal ultrasound with color Doppler.]",
    {
        "Uterus": "[Anteverted uterus, #6.8-8.4# x #3.6-4.6# x #4.2-5.2# cm, homogeneous myometrium.]",
        "Endometrium": "[Endometrium #4-11# mm, regular.|Regular endometrium, #5-10# mm.]",
        "Right ovary": "[Normal size and follicular pattern.|#2.4-3.2# x #1.6-2.2# cm with small follicles.]",
        "Left ovary": "[Normal size and follicular pattern.|#2.4-3.2# x #1.6-2.2# cm with small follicles.]",
        "Cul-de-sac": "[No free fluid.|Trace physiologic free fluid.]",
    },
    ("24869-0", "US Pelvis"),
)
US_EARLY = Exam(
    "US obstetric, first trimester",
    Modality.US,
    "PELVIS",
    "Transvaginal ultrasound. Thermal index below 0.7.",
    {
        "Cervix": "The cervix is closed.",
        "Adnexa": "[Corpus luteum in one ovary. No adnexal mass.|No adnexal mass.]",
        "Cul-de-sac": "No free fluid.",
    },
)
US_ANATOMY = Exam(
    "US obstetric, second trimester anatomy",
    Modality.US,
    "PELVIS",
    "Transabdominal ultrasound. Good visualization.",
    {
        "Head and face": "Lateral ventricles #5.2-7.4# mm, cavum septi pellucidi, cerebellum and cisterna magna normal. Intact upper lip. Orbits normal.",
        "Chest": "Four-chamber view, outflow tracts and three-vessel view normal. Lungs homogeneous.",
        "Abdomen": "Stomach, both kidneys and bladder seen. Intact abdominal wall. Three-vessel cord.",
        "Spine and limbs": "Normal spine. All long bones and both feet seen.",
        "Placenta and cervix": "Placenta clear of the internal os. Cervical length #34-42# mm.",
        "Fluid": "Normal amniotic fluid.",
    },
)
MR_PROSTATE = Exam(
    "MR prostate with and without contrast",
    Modality.MR,
    "PROSTATE",
    f"3 T. High-resolution T2 in three planes, DWI (b 50, 400, 1000, calculated 1500), dynamic contrast-enhanced T1. {GADOLINIUM}",
    {
        "Peripheral zone": "[No focal lesion. Mild diffuse T2 signal change.|Homogeneous T2 hyperintensity, no focal restriction.]",
        "Transition zone": "[Typical encapsulated nodules of benign hyperplasia.|Heterogeneous with encapsulated nodules, no suspicious focus.]",
        "Capsule and seminal vesicles": "[Intact capsule. Normal seminal vesicles.]",
        "Nodes and bones": "[No suspicious pelvic node or bone lesion.]",
    },
    ("30675-3", "MR Prostate"),
)
US_SCROTUM = Exam(
    "US scrotum with Doppler",
    Modality.US,
    "SCROTUM",
    "High-frequency linear ultrasound with color and spectral Doppler of both testicles.",
    {
        "Right testicle": "[Normal size and echotexture, symmetric vascularity.|#4.0-4.8# cm, homogeneous, normal flow.]",
        "Left testicle": "[Normal size and echotexture, symmetric vascularity.|#4.0-4.8# cm, homogeneous, normal flow.]",
        "Other": "[No hydrocele.|Small physiologic amount of fluid on each side.]",
    },
    ("25002-7", "US Scrotum and testicle"),
)


def _ovary(case: Case) -> Iterator[Study]:
    side = case.side
    size = case.dice.randint(41, 62)
    endometrioma = case.chance(0.35)
    key = f"{side.capitalize()} ovary"
    kind = (
        "unilocular cyst with homogeneous low-level echoes and no internal vascularity"
        if endometrioma
        else "unilocular anechoic cyst with a thin wall and no solid component"
    )
    first = case.study(
        US_PELVIS,
        75,
        why=f"{case.who(75)}, {side} pelvic pain. [LMP 10 days ago.|LMP 2 weeks ago.]",
        findings={key: f"{cm(size, size - 5, size - 3)} {kind}. Normal flow in the ovarian parenchyma."},
        impression=[
            f"{cm(size)} {side} ovarian {'cyst, typical endometrioma' if endometrioma else 'simple cyst, most likely functional'} (O-RADS 2).",
            "Ultrasound in 8–12 weeks is suggested.",
        ],
    )
    yield first
    yield case.study(
        US_PELVIS,
        0,
        compare=[first],
        why=f"Follow-up of a {side} ovarian cyst.",
        findings={
            key: f"The cyst measures {cm(size - 1, size - 6, size - 4)}, unchanged, with homogeneous low-level echoes."
            if endometrioma
            else "The cyst is no longer seen. Normal follicles."
        },
        impression=[
            f"Unchanged {side} endometrioma (O-RADS 2). Gynecologic follow-up."
            if endometrioma
            else f"Resolved functional cyst of the {side} ovary."
        ],
    )


def _fibroids(case: Case) -> Iterator[Study]:
    a, b = case.dice.randint(38, 66), case.dice.randint(18, 30)
    yield case.study(
        US_PELVIS,
        0,
        why=f"{case.who()} with heavy menstrual bleeding, hemoglobin #88-112# g/L.",
        findings={
            "Uterus": f"Enlarged, lobulated uterus, #10.4-13.6# x #6.2-8.1# x #7.0-9.2# cm. Intramural fibroid of the fundus, {cm(a, a - 6)}, and a submucosal fibroid, {cm(b, b - 4)} (FIGO 2)."
        },
        impression=[f"Fibroid uterus; a {cm(b)} submucosal fibroid (FIGO 2) probably explains the bleeding."],
    )


def _postmenopausal(case: Case) -> Iterator[Study]:
    thick = case.dice.choice((2, 3, 3, 12, 15))
    yield case.study(
        US_PELVIS,
        0,
        why=f"{case.who()} with postmenopausal bleeding.",
        findings={
            "Uterus": "Small anteverted uterus, #5.2-6.4# x #2.4-3.2# x #3.2-4.0# cm.",
            "Endometrium": f"Endometrium {mm(thick)}"
            + (", heterogeneous with internal vascularity." if thick > 5 else ", thin and regular."),
            "Right ovary": "Not seen; no adnexal mass.",
            "Left ovary": "Small and atrophic.",
            "Cul-de-sac": "No free fluid.",
        },
        impression=[
            f"Thickened endometrium, {mm(thick)}. Endometrial sampling is recommended."
            if thick > 5
            else f"Thin endometrium, {mm(thick)}. Endometrial cancer is unlikely."
        ],
    )


def _ectopic(case: Case) -> Iterator[Study]:
    side = case.side
    size = case.dice.randint(18, 31)
    yield case.study(
        US_EARLY,
        0,
        setting=Setting.EMERGENCY,
        why=f"{case.who()}, {side} pelvic pain and vaginal bleeding, β-hCG #2300-6800# IU/L, LMP 7 weeks ago.",
        findings={
            "Uterus": "No intrauterine gestational sac. Endometrium 9 mm.",
            "Adnexa": f"{side.capitalize()} adnexal mass of {cm(size, size - 5)}, separate from the ovary, with an echogenic ring and a yolk sac.",
            "Cul-de-sac": "Moderate echogenic free fluid.",
        },
        impression=[f"{side.capitalize()} tubal ectopic pregnancy with hemoperitoneum."],
        critical=Critical(Category.MINUTES, f"{side} ectopic pregnancy with hemoperitoneum"),
    )


def _pregnancy(case: Case) -> Iterator[Study]:
    crl = case.dice.randint(56, 70)
    # Crown-rump length to days of gestation, Robinson: 8.052 * sqrt(1.037 * CRL) + 23.73.
    days = round(8.052 * (1.037 * crl) ** 0.5 + 23.73)
    later = case.dice.randint(56, 62)
    first = case.study(
        US_EARLY,
        later,
        why=f"{case.who(later)}, dating scan.",
        findings={
            "Gestation": f"Single live intrauterine fetus. Crown-rump length {mm(crl)}, corresponding to {days // 7} weeks {days % 7} days. Heart rate #150-168#/min. Nuchal translucency #1.1-1.8# mm.",
        },
        impression=[f"Single live intrauterine pregnancy, {days // 7} weeks {days % 7} days."],
    )
    yield first
    now = days + round((case.end - first.when).total_seconds() / 86400)
    yield case.study(
        US_ANATOMY,
        0,
        compare=[first],
        why=f"Anatomy scan. Dated by first-trimester ultrasound, {now // 7} weeks {now % 7} days.",
        findings={
            "Biometry": f"Single live fetus, heart rate #138-152#/min. Biometry corresponds to {now // 7} weeks {(now + case.dice.randint(-1, 1)) % 7 if 0 < now % 7 < 6 else now % 7} days. Estimated fetal weight at the [44th|48th|52nd|55th|57th] centile."
        },
        impression=[
            f"Normal fetal anatomy at {now // 7} weeks {now % 7} days.",
            "Placenta clear of the internal os.",
        ],
    )


def _prostate(case: Case) -> Iterator[Study]:
    side = case.side
    volume = case.dice.randint(38, 74)
    psa = case.between(4.6, 9.8)
    score = case.dice.choice((3, 4, 4, 5))
    size = case.dice.randint(8, 13) if score < 5 else case.dice.randint(16, 24)
    zone = f"{side} {case.one('mid gland', 'apex', 'base')}"
    first = case.study(
        MR_PROSTATE,
        0 if score >= 4 else 400,
        why=f"PSA {psa:.1f} ng/mL, {case.one('no prior biopsy', 'negative biopsy three years ago')}. Clinically significant cancer?",
        findings={
            "Volume": f"Prostate volume {volume} mL, PSA density {psa / volume:.2f} ng/mL².",
            "Peripheral zone": f"{mm(size)} "
            + (
                "mildly hypointense focus with indistinct margins"
                if score == 3
                else "markedly hypointense lesion with focal restricted diffusion and early enhancement"
            )
            + f" in the {zone}, PI-RADS {score}.",
            "Capsule and seminal vesicles": "Broad capsular contact of 16 mm without visible extension. Normal seminal vesicles."
            if score == 5
            else "Intact capsule. Normal seminal vesicles.",
        },
        impression=[
            f"PI-RADS {score}: {mm(size)} lesion in the peripheral zone, {zone}."
            + (
                " Targeted biopsy is recommended."
                if score > 3
                else " Equivocal; PSA density should guide biopsy."
            ),
            f"Prostate volume {volume} mL.",
        ],
    )
    yield first
    if score == 3:
        yield case.study(
            MR_PROSTATE,
            0,
            compare=[first],
            why="PI-RADS 3 lesion, negative targeted biopsy. PSA stable.",
            findings={
                "Volume": f"Prostate volume {volume + 2} mL.",
                "Peripheral zone": f"The focus in the {zone} is less conspicuous than on {first.day}, without restricted diffusion. PI-RADS 2.",
            },
            impression=[
                "No suspicious lesion (PI-RADS 2). Less conspicuous change of the peripheral zone, probably inflammatory."
            ],
        )


def _torsion(case: Case) -> Iterator[Study]:
    side = case.side
    torsion = case.chance(0.5)
    key = f"{side.capitalize()} testicle"
    yield case.study(
        US_SCROTUM,
        0,
        setting=Setting.EMERGENCY,
        why=f"{case.who()}, "
        + (
            f"sudden {side} testicular pain for #2-5# hours and vomiting. Torsion?"
            if torsion
            else f"{side} scrotal pain and dysuria for three days."
        ),
        findings={
            key: "Enlarged and heterogeneous, without arterial or venous flow. Whirlpool sign of the spermatic cord."
            if torsion
            else "Normal echotexture. The epididymis is enlarged and markedly hypervascular.",
            "Other": "Reactive hydrocele.",
        },
        impression=[
            f"{side.capitalize()} testicular torsion. Immediate surgical exploration."
            if torsion
            else f"{side.capitalize()} epididymitis. No torsion or abscess."
        ],
        critical=Critical(Category.MINUTES, f"{side} testicular torsion") if torsion else None,
    )


STORIES = (
    Story(_ovary, "women", frozenset({"pelvis"}), 2.2, 20, 44, Sex.FEMALE),
    Story(_fibroids, "women", frozenset({"pelvis"}), 1.6, 34, 50, Sex.FEMALE),
    Story(_postmenopausal, "women", frozenset({"pelvis"}), 1.6, 55, 84, Sex.FEMALE),
    Story(_ectopic, "emergency", frozenset({"pelvis", "abdomen"}), 0.7, 20, 41, Sex.FEMALE),
    Story(
        _pregnancy,
        "women",
        frozenset({"pelvis", "abdomen", "chest", "spine", "breast", "head"}),
        1.6,
        20,
        41,
        Sex.FEMALE,
    ),
    Story(_prostate, "urology", frozenset({"pelvis"}), 2.4, 54, 76, Sex.MALE),
    Story(_torsion, "emergency", frozenset({"scrotum"}), 1.2, 14, 32, Sex.MALE),
)
SINGLES = tuple(story for story in STORIES if story.tell in (_fibroids, _postmenopausal, _torsion))

"""Breast: screening, recall, short-interval follow-up, cancer and what comes after it (BI-RADS 5th edition)."""
# ruff: noqa: E501 - prose, one sentence to a line

from __future__ import annotations

from collections.abc import Iterator

from server_stub.demo.case import Case, Category, Critical, Story, Study
from server_stub.demo.exams import GADOLINIUM, Exam, Modality
from server_stub.demo.wording import Sex, cm, mm

MG_SCREENING = Exam(
    "MG screening mammogram, bilateral, with tomosynthesis",
    Modality.MG,
    "BREAST",
    "[Full-field digital mammography with tomosynthesis, CC and MLO views of both breasts. Computer-aided detection was used.|2D synthesized views and tomosynthesis, CC and MLO, both breasts.]",
    {
        "Composition": "",
        "Masses and distortion": "[No suspicious mass or architectural distortion.|No dominant mass, asymmetry or distortion.]",
        "Calcifications": "[No suspicious microcalcifications.|No suspicious calcifications.]",
        "Skin and axillae": "[Skin and nipples are normal. No abnormal axillary node.|Normal-appearing axillary nodes.]",
    },
    ("26175-0", "MG Breast - bilateral Screening"),
    brief="Screening mammogram",
)
MG_DIAGNOSTIC = Exam(
    "MG diagnostic mammogram, {side} breast",
    Modality.MG,
    "BREAST",
    "[Spot compression and ML views with tomosynthesis of the {side} breast.|Additional views of the {side} breast: spot compression CC and MLO, true lateral, tomosynthesis.]",
    {
        "Calcifications": "No suspicious microcalcifications.",
        "Skin and axilla": "[No skin thickening or abnormal axillary node.]",
    },
    loinc_by_side={
        "left": ("26347-5", "MG Breast - left Diagnostic"),
        "right": ("26348-3", "MG Breast - right Diagnostic"),
    },
)
US_BREAST = Exam(
    "US {side} breast, targeted",
    Modality.US,
    "BREAST",
    "Targeted high-frequency ultrasound of the {side} breast and axilla with color Doppler.",
    {"Axilla": "[Normal axillary nodes with thin cortex.|No suspicious axillary node.]"},
)
US_BREAST_BIOPSY = Exam(
    "US-guided core biopsy, {side} breast",
    Modality.US,
    "BREAST",
    "Informed consent, time-out. Lidocaine 1 %, #8-12# mL. 14-gauge spring-loaded device, #4-6# cores, lateral approach. Clip placement and two-view mammogram.",
    {"Complications": "No complications. Hemostasis by compression."},
)
MR_BREAST = Exam(
    "MR breasts with and without contrast",
    Modality.MR,
    "BREAST",
    f"1.5 T, prone, dedicated coil. T2 STIR, DWI, dynamic T1 with subtraction. {GADOLINIUM}",
    {
        "Background": "[Scattered fibroglandular tissue, minimal background enhancement.|Heterogeneous fibroglandular tissue, mild background enhancement.]",
        "Nodes": "[No enlarged axillary or internal mammary node.]",
    },
)

_DENSITY = (
    "The breasts are almost entirely fatty (a).",
    "There are scattered areas of fibroglandular density (b).",
    "The breasts are heterogeneously dense, which may obscure small masses (c).",
    "The breasts are extremely dense, which lowers the sensitivity of mammography (d).",
)


def _density(case: Case) -> str:
    return case.dice.choices(_DENSITY, weights=(1, 4, 4, 1) if case.age() < 60 else (2, 5, 3, 0.3))[0]


def _screening(case: Case) -> Iterator[Study]:
    density = {"Composition": _density(case)}
    cyst = case.chance(0.3)
    side = case.side
    benign = (
        {
            "Masses and distortion": f"Oval circumscribed mass with fat in the {side} breast, a typical hamartoma. Unchanged."
        }
        if cyst
        else {}
    )
    priors: list[Study] = []
    for before in case.dice.choice(((1120, 745, 370, 0), (740, 370, 0), (380, 0))):
        found = dict(density)
        if benign:
            found["Masses and distortion"] = (
                benign["Masses and distortion"]
                if priors
                else benign["Masses and distortion"].replace(" Unchanged.", "")
            )
        study = case.study(
            MG_SCREENING,
            before,
            compare=priors[-2:],
            why="[Routine screening. No complaints.|Screening. No breast symptoms.|Annual screening. No family history of breast cancer.]",
            findings=found,
            impression=[
                ("Benign finding: BI-RADS 2." if cyst else "No evidence of malignancy: BI-RADS 1."),
                "Routine annual screening.",
            ],
        )
        yield study
        priors.append(study)


def _probably_benign(case: Case) -> Iterator[Study]:
    side = case.side
    density = _density(case)
    size = case.dice.randint(7, 12)
    quadrant = case.one("upper outer", "upper inner", "lower outer", "lower inner")
    clock = {
        ("left", "upper outer"): 2,
        ("left", "upper inner"): 10,
        ("left", "lower outer"): 4,
        ("left", "lower inner"): 8,
        ("right", "upper outer"): 10,
        ("right", "upper inner"): 2,
        ("right", "lower outer"): 8,
        ("right", "lower inner"): 4,
    }[side, quadrant]
    place = f"{side} breast, {clock} o’clock, {case.dice.randint(3, 7)} cm from the nipple"
    screen = case.study(
        MG_SCREENING,
        760,
        why="Screening. No breast symptoms.",
        findings={
            "Composition": density,
            "Masses and distortion": f"Oval mass in the {quadrant} {side} breast, about {mm(size)}, partly obscured. The opposite breast is unremarkable.",
        },
        impression=[
            f"{side.capitalize()} breast mass, {quadrant}: BI-RADS 0, additional imaging needed.",
            f"Spot compression views and ultrasound of the {side} breast.",
        ],
    )
    yield screen
    oval = f"Oval circumscribed parallel hypoechoic mass, {cm(size, size * 0.6)}, {place}, without posterior features or vascularity."
    mammo = case.study(
        MG_DIAGNOSTIC,
        748,
        side=side,
        compare=[screen],
        why=f"Recall from screening: {side} breast mass.",
        findings={
            "Composition": density,
            "Masses and distortion": f"Persistent oval circumscribed mass, {mm(size)}, {quadrant} {side} breast.",
        },
        impression=[f"Oval circumscribed {side} breast mass, see ultrasound of the same day: BI-RADS 3."],
    )
    yield mammo
    ultra = case.study(
        US_BREAST,
        748,
        side=side,
        same_day=mammo,
        compare=[mammo],
        why=f"Recall from screening: {side} breast mass.",
        findings={"Mass": oval},
        impression=[
            f"Probably benign {mm(size)} mass of the {side} breast, most likely fibroadenoma: BI-RADS 3.",
            "Ultrasound in 6 months.",
        ],
    )
    yield ultra
    half = case.study(
        US_BREAST,
        560,
        side=side,
        compare=[ultra],
        why=f"BI-RADS 3 mass of the {side} breast, 6-month follow-up.",
        findings={"Mass": oval + f" Unchanged since {ultra.day}."},
        impression=[
            f"Stable probably benign mass of the {side} breast: BI-RADS 3.",
            "Follow-up in 6 months together with the annual mammogram.",
        ],
    )
    yield half
    yield case.study(
        US_BREAST,
        10,
        side=side,
        compare=[ultra, half],
        why=f"BI-RADS 3 mass of the {side} breast, two-year follow-up.",
        findings={"Mass": oval + " Unchanged for two years."},
        impression=[
            f"{mm(size)} mass of the {side} breast, stable over two years: BI-RADS 2, benign.",
            "Return to routine screening.",
        ],
    )


def _cancer(case: Case) -> Iterator[Study]:
    side = case.side
    density = _density(case)
    size = case.dice.randint(11, 19)
    quadrant = case.one("upper outer", "upper inner", "lower outer")
    distance = case.dice.randint(4, 7)
    node = case.chance(0.3)
    screen = case.study(
        MG_SCREENING,
        430,
        why="Screening. No breast symptoms.",
        findings={
            "Composition": density,
            "Masses and distortion": f"Irregular spiculated mass in the {quadrant} {side} breast, about {mm(size)}. The opposite breast is unremarkable.",
        },
        impression=[f"Irregular mass of the {side} breast: BI-RADS 0, additional imaging needed."],
    )
    yield screen
    mammo = case.study(
        MG_DIAGNOSTIC,
        424,
        side=side,
        compare=[screen],
        why=f"Recall from screening: {side} breast mass.",
        findings={
            "Composition": density,
            "Masses and distortion": f"Irregular high-density spiculated mass, {mm(size)}, {quadrant} {side} breast, {distance} cm from the nipple.",
            "Calcifications": "[A few fine pleomorphic calcifications within the mass.|No associated calcifications.]",
        },
        impression=[
            f"{mm(size)} spiculated mass of the {side} breast, highly suggestive of malignancy: BI-RADS 5.",
            "Biopsy is recommended.",
        ],
        critical=Critical(Category.HOURS, f"a mass of the {side} breast highly suggestive of malignancy"),
    )
    yield mammo
    ultra = case.study(
        US_BREAST,
        424,
        side=side,
        same_day=mammo,
        compare=[mammo],
        why=f"{side.capitalize()} breast mass, BI-RADS 5 on mammography.",
        findings={
            "Mass": f"Irregular, non-parallel hypoechoic mass with angular margins and shadowing, {cm(size, size - 2, size - 3)}, {quadrant} {side} breast, {distance} cm from the nipple. Internal vascularity.",
            "Axilla": "One axillary node with focal cortical thickening of 5 mm."
            if node
            else "Normal axillary nodes with thin cortex.",
        },
        impression=[
            f"{mm(size)} mass of the {side} breast: BI-RADS 5."
            + (" Suspicious axillary node." if node else ""),
            "Ultrasound-guided core biopsy" + (" of both." if node else "."),
        ],
    )
    yield ultra
    biopsy = case.study(
        US_BREAST_BIOPSY,
        420,
        side=side,
        compare=[ultra],
        why=f"{side.capitalize()} breast mass, BI-RADS 5.",
        findings={
            "Procedure": f"The {mm(size)} mass of the {quadrant} {side} breast was sampled under continuous ultrasound guidance. A ribbon clip was placed; it lies within the mass on the post-procedure mammogram."
            + (" The axillary node was sampled as well." if node else "")
        },
        impression=[
            f"Uncomplicated core biopsy of the {side} breast with clip placement. Pathology is pending."
        ],
        addendum=f"Pathology: invasive carcinoma of no special type, grade 2, ER and PR positive, HER2 negative{', nodal metastasis in the axillary sample' if node else ''}. Concordant with imaging. Surgical consultation is recommended.",
    )
    yield biopsy
    scan = case.study(
        MR_BREAST,
        410,
        compare=[mammo, ultra],
        why=f"Invasive carcinoma of the {side} breast. Extent of disease.",
        findings={
            f"{side.capitalize()} breast": f"Irregular enhancing mass with washout, {cm(size + 1, size - 1)}, {quadrant}, with clip artifact. No additional lesion.",
            "Opposite breast": "No suspicious enhancement.",
            "Nodes": "One level I axillary node with thickened cortex. No internal mammary node."
            if node
            else "No enlarged axillary or internal mammary node.",
        },
        impression=[
            f"Unifocal cancer of the {side} breast, {mm(size + 1)}: BI-RADS 6."
            + (" One suspicious level I node." if node else ""),
            "No suspicious finding in the opposite breast.",
        ],
    )
    yield scan
    yield case.study(
        MG_SCREENING,
        0,
        compare=[screen],
        why=f"One year after breast-conserving surgery and radiotherapy of the {side} breast.",
        findings={
            "Composition": density,
            "Masses and distortion": f"Postoperative scar with surgical clips in the {quadrant} {side} breast. No suspicious mass.",
            "Skin and axillae": "Mild skin thickening after radiotherapy. No abnormal axillary node.",
        },
        impression=[f"Expected postoperative change of the {side} breast: BI-RADS 2.", "Annual mammography."],
    )


def _lump(case: Case) -> Iterator[Study]:
    side = case.side
    size = case.dice.randint(9, 26)
    kind = case.dice.random()
    yield case.study(
        US_BREAST,
        0,
        side=side,
        why=f"{case.who()} with a palpable lump in the {side} breast.",
        findings={
            "Mass": f"At the palpable site an anechoic thin-walled cyst with posterior enhancement, {cm(size, size - 3)}."
            if kind < 0.6
            else "Normal fibroglandular tissue at the palpable site. No cyst or solid mass."
        },
        impression=[
            f"Simple cyst of the {side} breast, {mm(size)}: BI-RADS 2."
            if kind < 0.6
            else f"No sonographic correlate of the palpable finding in the {side} breast: BI-RADS 1. Management on clinical grounds."
        ],
    )


STORIES = (
    Story(_screening, "women", frozenset({"breast"}), 9, 44, 78, Sex.FEMALE),
    Story(_probably_benign, "women", frozenset({"breast"}), 2, 43, 72, Sex.FEMALE),
    Story(_cancer, "women", frozenset({"breast", "whole body"}), 1.5, 46, 78, Sex.FEMALE),
    Story(_lump, "women", frozenset({"breast"}), 1.5, 24, 50, Sex.FEMALE),
)
SINGLES = (STORIES[3],)

"""Nuclear medicine: scintigraphy and PET/CT, with the stories that are told by tracers alone."""
# ruff: noqa: E501 - prose, one sentence to a line

from __future__ import annotations

from collections.abc import Iterator

from server_stub.demo.case import Case, Category, Critical, Story, Study
from server_stub.demo.exams import Exam, Modality
from server_stub.demo.wording import Sex, mm

PET_CT = Exam(
    "PET/CT skull base to mid-thigh, F-18 FDG",
    Modality.PT,
    "WHOLEBODY",
    "#220-340# MBq of F-18 FDG IV, uptake time #58-66# min. Blood glucose #4.8-6.9# mmol/L. Low-dose CT for attenuation correction and anatomical localization. Reference SUVmean: liver #2.0-2.6#, mediastinal blood pool #1.4-1.9#.",
    {
        "Head and neck": "[No FDG-avid cervical lymph node.|Physiologic uptake in the head and neck. No avid cervical node.]",
        "Chest": "[No FDG-avid pulmonary lesion or mediastinal node.|No abnormal uptake in lungs, hila or mediastinum.]",
        "Abdomen and pelvis": "[Physiologic uptake in liver, spleen, bowel and urinary tract. No FDG-avid adenopathy.|No abnormal uptake in the abdomen or pelvis.]",
        "Bones and marrow": "[No focal FDG-avid osseous lesion.|Homogeneous low-grade marrow uptake. No focal lesion.]",
    },
)
NM_VQ = Exam(
    "NM ventilation and perfusion scan with SPECT/CT",
    Modality.NM,
    "LUNG",
    "Ventilation with Tc-99m Technegas and perfusion with #100-160# MBq Tc-99m MAA IV. SPECT with low-dose CT.",
    {
        "Ventilation": "[Homogeneous ventilation of both lungs.|Even distribution of the tracer in both lungs.]",
        "Perfusion": "[No segmental or subsegmental perfusion defect.|Homogeneous perfusion. No mismatched defect.]",
        "CT": "[No consolidation or effusion on the low-dose CT.|The low-dose CT shows no parenchymal abnormality.]",
    },
    ("30697-7", "NM Pulmonary system Ventilation and Perfusion"),
)
NM_BONE = Exam(
    "NM bone scan, whole body",
    Modality.NM,
    "WHOLEBODY",
    "Whole-body anterior and posterior images 3 hours after #600-740# MBq Tc-99m HDP IV. SPECT/CT of areas in question.",
    {
        "Axial skeleton": "[No focal uptake to suggest metastasis in spine, ribs or pelvis.|Physiologic tracer distribution in the axial skeleton.]",
        "Appendicular skeleton": "[{55: Degenerative uptake in the shoulders, knees and first carpometacarpal joints. // Symmetric periarticular uptake.}]",
        "Soft tissues and kidneys": "[Both kidneys and the bladder are seen. No abnormal soft tissue uptake.|Physiologic urinary activity.]",
    },
    ("25031-6", "NM Bone Views"),
)
NM_HEART = Exam(
    "NM myocardial perfusion SPECT, stress and rest",
    Modality.NM,
    "HEART",
    "[One-day|Two-day] protocol. Stress with [regadenoson 0.4 mg IV|adenosine 140 µg/kg/min|treadmill exercise to #88-97# % of age-predicted heart rate]. #250-320# MBq Tc-99m tetrofosmin at stress, #700-820# MBq at rest. Gated SPECT with CT attenuation correction.",
    {
        "Quality": "[Good image quality. No significant motion.|Diagnostic quality. Attenuation-corrected and uncorrected images were read.]",
        "Perfusion": "[Homogeneous perfusion of the left ventricle at stress and at rest.|No reversible or fixed perfusion defect.]",
        "Function": "LVEF #58-69# % after stress and #60-70# % at rest. No regional wall motion abnormality. No transient ischemic dilation.",
    },
)
NM_THYROID = Exam(
    "NM thyroid scan",
    Modality.NM,
    "THYROID",
    "Pinhole and parallel-hole images of the neck 20 minutes after #70-80# MBq Tc-99m pertechnetate IV.",
    {
        "Thyroid": "[Homogeneous tracer uptake in both lobes, uptake #1.0-2.8# % (normal 0.5–4 %). No hot or cold nodule.]",
        "Other": "No ectopic uptake.",
    },
    ("30695-1", "NM Thyroid gland Views"),
)
NM_HIDA = Exam(
    "NM hepatobiliary scan",
    Modality.NM,
    "ABDOMEN",
    "Dynamic images for 60 minutes after #150-190# MBq Tc-99m mebrofenin IV, then gallbladder ejection fraction after sincalide 0.02 µg/kg.",
    {
        "Liver": "Prompt and homogeneous uptake by the liver.",
        "Gallbladder": "The gallbladder fills at #14-28# minutes. Ejection fraction #52-78# % (normal over 38 %).",
        "Bowel": "Tracer reaches the small bowel by #18-35# minutes. No bile leak.",
    },
)


def _prostate_bones(case: Case) -> Iterator[Study]:
    psa = f"{case.between(14, 68):.1f}"
    spread = case.chance(0.55)
    second = case.chance(0.5)
    site = case.one(
        "L3 vertebral body", "T8 vertebral body", "left iliac wing", "right acetabulum", "right 7th rib"
    )
    first = case.study(
        NM_BONE,
        400,
        why=f"Newly diagnosed prostate cancer, Gleason {case.one('4+3', '4+4', '4+5')}, PSA {psa} ng/mL. Bone metastases?",
        findings={
            "Axial skeleton": f"Focal intense uptake in the {site}, with a sclerotic correlate on SPECT/CT. {'A second, smaller focus lies in the sacrum.' if second else ''}"
        }
        if spread
        else None,
        impression=[
            f"Osteoblastic {'metastases' if second else 'metastasis'} in the {site}{' and the sacrum' if second else ''}."
            if spread
            else "No scintigraphic evidence of bone metastasis."
        ],
    )
    yield first
    yield case.study(
        NM_BONE,
        0,
        compare=[first],
        why=f"Prostate cancer on androgen deprivation{', bone metastases' if spread else ''}. PSA {case.between(0.2, 2.4):.1f} ng/mL.",
        findings={
            "Axial skeleton": f"The known {'lesions' if second else 'lesion'} in the {site}{' and the sacrum' if second else ''} {'show' if second else 'shows'} less uptake than on {first.day}. No new lesion."
        }
        if spread
        else None,
        impression=[
            f"Partial scintigraphic response of the known bone {'metastases' if second else 'metastasis'}. No new metastasis."
            if spread
            else "No bone metastasis. Unchanged."
        ],
    )


def _lymphoma(case: Case) -> Iterator[Study]:
    kind = case.one("Classical Hodgkin lymphoma", "Diffuse large B-cell lymphoma")
    suv = case.between(12, 24)
    size = case.dice.randint(38, 74)
    first = case.study(
        PET_CT,
        330,
        why=f"{kind}, initial staging.",
        findings={
            "Chest": f"Bulky FDG-avid anterior mediastinal conglomerate, {mm(size)} in long axis, SUVmax {suv:.1f}. No pulmonary lesion.",
            "Head and neck": f"FDG-avid {case.one('left', 'right')} supraclavicular nodes up to {mm(size / 2.6)}.",
        },
        impression=[
            "FDG-avid supraclavicular and mediastinal lymphoma, no involvement below the diaphragm: stage II (Lugano)."
        ],
    )
    yield first
    second = case.study(
        PET_CT,
        250,
        compare=[first],
        why=f"{kind}, after two cycles of chemotherapy. Interim response.",
        findings={
            "Chest": f"The mediastinal mass has shrunk from {mm(size)} to {mm(size * 0.48)}. Residual uptake, SUVmax {suv * 0.13:.1f}, is below liver.",
            "Head and neck": "The supraclavicular nodes are no longer enlarged or FDG-avid.",
        },
        impression=["Interim complete metabolic response, Deauville score 3."],
    )
    yield second
    yield case.study(
        PET_CT,
        0,
        compare=[first, second],
        why=f"{kind}, end of treatment.",
        findings={
            "Chest": f"Residual mediastinal soft tissue, {mm(size * 0.34)}, without uptake above the mediastinal blood pool."
        },
        impression=[
            "Complete metabolic response, Deauville score 2.",
            "Residual mediastinal soft tissue without metabolic activity.",
        ],
    )


def _heart(case: Case) -> Iterator[Study]:
    ischemia = case.chance(0.4)
    wall, vessel = case.one("anterior|LAD", "inferior|RCA", "lateral|circumflex").split("|")
    yield case.study(
        NM_HEART,
        0,
        why=f"{case.who()} with [exertional chest pain|atypical chest pain|dyspnea on exertion], [hypertension and diabetes|intermediate pre-test probability|abnormal exercise ECG]. Ischemia?",
        findings={
            "Perfusion": f"Moderate reversible defect of the {wall} wall, about #9-15# % of the left ventricle. No fixed defect.",
            "Function": "LVEF #52-58# % after stress and #59-64# % at rest, with stress-induced hypokinesis of the same wall.",
        }
        if ischemia
        else None,
        impression=[
            f"Moderate ischemia of the {wall} wall, {vessel} territory."
            if ischemia
            else "Normal myocardial perfusion. No ischemia or infarction.",
            "Preserved left ventricular function."
            if not ischemia
            else "Mildly reduced function after stress. Cardiology referral is suggested.",
        ],
        critical=Critical(Category.HOURS, f"stress-induced {wall} wall ischemia") if ischemia else None,
    )


def _graves(case: Case) -> Iterator[Study]:
    yield case.study(
        NM_THYROID,
        0,
        why=f"{case.who()} with suppressed TSH and [weight loss|palpitations|tremor]. Graves disease or toxic nodule?",
        findings={
            "Thyroid": "[Diffusely increased homogeneous uptake in an enlarged gland, uptake #9-18# % (normal 0.5–4 %). Background activity is suppressed.]"
        },
        impression=["Diffuse increased uptake, consistent with Graves disease."],
    )


def _biliary(case: Case) -> Iterator[Study]:
    low = case.chance(0.4)
    yield case.study(
        NM_HIDA,
        0,
        why=f"{case.who()} with recurrent right upper quadrant pain. No gallstones on ultrasound. Biliary dyskinesia?",
        findings={
            "Gallbladder": "The gallbladder fills at #18-30# minutes. Ejection fraction #11-28# % (normal over 38 %)."
        }
        if low
        else None,
        impression=[
            "Low gallbladder ejection fraction, consistent with biliary dyskinesia. Patent cystic duct."
            if low
            else "Patent cystic and common bile ducts. Normal gallbladder ejection fraction."
        ],
    )


STORIES = (
    Story(_prostate_bones, "urology", frozenset({"whole body", "pelvis"}), 1.4, 58, 88, Sex.MALE),
    Story(_lymphoma, "oncology", frozenset({"whole body", "chest"}), 2.2, 20, 70),
    Story(_heart, "heart", frozenset({"heart"}), 2.2, 45, 84),
    Story(_graves, "general", frozenset({"thyroid"}), 1, 20, 65),
    Story(_biliary, "abdomen", frozenset({"abdomen"}), 0.8, 22, 65),
)
SINGLES = STORIES[2:]

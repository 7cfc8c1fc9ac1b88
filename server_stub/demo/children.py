"""Children: what radiology does for the newborn, the infant and the schoolchild."""
# ruff: noqa: E501 - prose, one sentence to a line

from __future__ import annotations

from collections.abc import Iterator

from server_stub.demo.abdomen import US_KIDNEYS
from server_stub.demo.bones import CR_ELBOW, CR_WRIST
from server_stub.demo.case import Case, Category, Critical, Story, Study
from server_stub.demo.chest import CR_CHEST
from server_stub.demo.exams import Exam, Modality, Setting
from server_stub.demo.wording import Sex

US_HIPS = Exam(
    "US hips, infant",
    Modality.US,
    "HIP",
    "Static and dynamic ultrasound of both hips by the Graf method, linear probe.",
    {
        "Right hip": "Alpha angle #61-68#°, type I. Stable.",
        "Left hip": "Alpha angle #61-67#°, type I. Stable.",
    },
    ("30711-6", "US Hip developmental joint assessment"),
)
US_HEAD = Exam(
    "US head, neonatal",
    Modality.US,
    "HEAD",
    "Transfontanellar ultrasound, sector and linear probes.",
    {
        "Parenchyma": "Normal gyration for age. No periventricular echogenicity.",
        "Ventricles": "[Normal ventricular size. No intraventricular hemorrhage.]",
        "Extra-axial spaces": "[Not widened. Normal superior sagittal sinus.]",
    },
)
US_PYLORUS = Exam(
    "US pylorus",
    Modality.US,
    "ABDOMEN",
    "Linear high-frequency ultrasound before and during feeding.",
    {
        "Pylorus": "Muscle thickness #1.6-2.4# mm, canal length #9-12# mm. Fluid passes freely.",
        "Other": "Superior mesenteric vein to the right of the artery.",
    },
    ("24889-8", "US Pylorus for pyloric stenosis"),
)
US_BOWEL = Exam(
    "US abdomen, pediatric, limited",
    Modality.US,
    "ABDOMEN",
    "Graded compression ultrasound of the right lower quadrant and whole bowel, linear and curved probes.",
    {
        "Appendix": "Compressible appendix, #4-5# mm.",
        "Bowel": "[Normal peristalsis, no target sign.]",
        "Nodes and fluid": "[Several mesenteric nodes up to 7 mm in short axis. No free fluid.|No free fluid.]",
    },
    ("30704-1", "US Abdomen limited"),
)
RF_REDUCTION = Exam(
    "RF intussusception reduction, air enema",
    Modality.RF,
    "ABDOMEN",
    "Surgical team on site, intravenous access in place. Rectal catheter, air at a maximum of 110 mmHg. Pulsed fluoroscopy, #0.6-1.9# min.",
    {"Complications": "No perforation, no free air."},
)
RF_VCUG = Exam(
    "RF voiding cystourethrogram",
    Modality.RF,
    "ABDOMEN",
    "Sterile catheterization with a 6 Fr tube, #110-240# mL of iothalamate by gravity, two cycles. Pulsed fluoroscopy, #0.4-1.2# min.",
    {
        "Bladder": "[Smooth wall, normal capacity for age.]",
        "Reflux": "[No vesicoureteral reflux in filling or voiding.]",
        "Urethra": "Normal urethra on voiding. Complete emptying.",
    },
    ("25017-5", "RF Urinary bladder and Urethra Views W contrast intra bladder"),
)
CR_SPINE = Exam(
    "XR whole spine, standing, for scoliosis",
    Modality.CR,
    "SPINE",
    "EOS low-dose biplanar images, standing, PA and lateral.",
    {
        "Vertebrae": "[Twelve rib-bearing and five lumbar vertebrae. No segmentation anomaly.]",
        "Balance": "Coronal and sagittal balance are within normal limits.",
        "Pelvis": "[Level pelvis.]",
    },
    ("30717-3", "XR Thoracic and lumbar spine Views for scoliosis W standing"),
)


def _reflux(case: Case) -> Iterator[Study]:
    side = case.side
    key = f"{side.capitalize()} kidney"
    infant = {
        "Right kidney": "Normal size for age. Normal cortex. No hydronephrosis.",
        "Left kidney": "Normal size for age. Normal cortex. No hydronephrosis.",
        "Bladder": "Well-filled, normal wall.",
    }
    grade = case.dice.choice((2, 3))
    first = case.study(
        US_KIDNEYS,
        210,
        why=f"{case.who(210)}, febrile urinary tract infection.",
        findings={
            **infant,
            key: f"Normal size for age. Pelvic dilatation, #7-10# mm AP ({'SFU 1' if grade == 2 else 'SFU 2'}).",
        },
        impression=[f"Mild {side} pelvic dilatation. Voiding cystourethrogram is suggested."],
    )
    yield first
    second = case.study(
        RF_VCUG,
        180,
        compare=[first],
        why=f"Febrile urinary tract infection, {side} pelvic dilatation. Reflux?",
        findings={
            "Reflux": f"{side.capitalize()} vesicoureteral reflux reaching the collecting system {'without' if grade == 2 else 'with mild'} dilatation. No reflux on the other side."
        },
        impression=[f"{side.capitalize()} vesicoureteral reflux, grade {'II' if grade == 2 else 'III'}."],
    )
    yield second
    yield case.study(
        US_KIDNEYS,
        0,
        compare=[first],
        why=f"Known {side} reflux on antibiotic prophylaxis. No infection since.",
        findings={**infant, key: "Normal growth. Pelvic dilatation is no longer seen. No scar."},
        impression=[
            "Normal growth of both kidneys. No scarring.",
            f"The {side} pelvic dilatation has resolved.",
        ],
    )


def _hips(case: Case) -> Iterator[Study]:
    side = case.side
    shallow = case.chance(0.4)
    yield case.study(
        US_HIPS,
        0,
        why=f"{case.who()}, screening. {'Breech presentation.' if shallow else 'Normal examination.'}",
        findings={f"{side.capitalize()} hip": "Alpha angle #52-57#°, rounded bony rim, type IIa. Stable."}
        if shallow
        else None,
        impression=[
            f"{side.capitalize()} hip type IIa, physiologically immature. Control in 6 weeks."
            if shallow
            else "Mature hips on both sides, Graf type I."
        ],
    )


def _newborn_head(case: Case) -> Iterator[Study]:
    yield case.study(
        US_HEAD,
        0,
        setting=Setting.INPATIENT,
        why=f"{case.who()}, born at #31-34# weeks of gestation. Hemorrhage?",
        impression=["Normal cranial ultrasound for age. No hemorrhage."],
    )


def _pylorus(case: Case) -> Iterator[Study]:
    stenosis = case.chance(0.6)
    yield case.study(
        US_PYLORUS,
        0,
        setting=Setting.EMERGENCY,
        why=f"{case.who()}, projectile nonbilious vomiting for three days.",
        findings={
            "Pylorus": "Muscle thickness #3.6-4.8# mm, canal length #17-21# mm, no passage of fluid. Distended stomach."
        }
        if stenosis
        else None,
        impression=["Hypertrophic pyloric stenosis." if stenosis else "No pyloric stenosis."],
        critical=Critical(Category.HOURS, "hypertrophic pyloric stenosis") if stenosis else None,
    )


def _intussusception(case: Case) -> Iterator[Study]:
    first = case.study(
        US_BOWEL,
        0.1,
        setting=Setting.EMERGENCY,
        why=f"{case.who()}, colicky pain, lethargy and currant jelly stool.",
        findings={
            "Appendix": "Not seen.",
            "Bowel": "Ileocolic intussusception in the right upper abdomen, #2.8-3.6# cm across, with mesenteric fat and vessels. Flow is preserved.",
            "Nodes and fluid": "Trace free fluid.",
        },
        impression=["Ileocolic intussusception with preserved perfusion."],
        critical=Critical(Category.MINUTES, "ileocolic intussusception"),
    )
    yield first
    yield case.study(
        RF_REDUCTION,
        0,
        setting=Setting.EMERGENCY,
        compare=[first],
        why="Ileocolic intussusception on ultrasound.",
        findings={
            "Procedure": "The intussusceptum was met at the hepatic flexure and reduced on the [first|second] attempt, with free reflux of air into the ileum."
        },
        impression=["Successful air reduction of an ileocolic intussusception."],
    )


def _bronchiolitis(case: Case) -> Iterator[Study]:
    yield case.study(
        CR_CHEST,
        0,
        setting=Setting.EMERGENCY,
        why=f"{case.who()}, wheeze and fever, oxygen requirement.",
        findings={
            "Lungs": "Hyperinflation with peribronchial thickening. No focal consolidation.",
            "Heart and mediastinum": "Normal heart size. Normal thymic contour for age.",
            "Bones": "No acute osseous abnormality.",
        },
        impression=["Viral lower airway disease. No focal pneumonia."],
    )


def _appendix(case: Case) -> Iterator[Study]:
    sick = case.chance(0.55)
    yield case.study(
        US_BOWEL,
        0,
        setting=Setting.EMERGENCY,
        why=f"{case.who()}, right lower quadrant pain and fever.",
        findings={
            "Appendix": "Noncompressible, hyperemic appendix, #8-11# mm, with surrounding echogenic fat.",
            "Nodes and fluid": "Small amount of free fluid.",
        }
        if sick
        else None,
        impression=[
            "Acute appendicitis without visible perforation."
            if sick
            else "Normal appendix. Mesenteric adenitis is possible."
        ],
        critical=Critical(Category.HOURS, "acute appendicitis") if sick else None,
    )


def _buckle(case: Case) -> Iterator[Study]:
    side = case.side
    first = case.study(
        CR_WRIST,
        25,
        side=side,
        setting=Setting.EMERGENCY,
        why=f"{case.who(25)}, fall from [a climbing frame|a scooter] onto the {side} hand.",
        findings={
            "Bones": f"Buckle fracture of the dorsal cortex of the {side} distal radial metaphysis, without angulation. Open physes.",
            "Soft tissues": "Mild swelling.",
        },
        impression=[f"Buckle fracture of the {side} distal radius."],
    )
    yield first
    yield case.study(
        CR_WRIST,
        0,
        side=side,
        compare=[first],
        why=f"{side.capitalize()} buckle fracture, out of splint.",
        findings={"Bones": "Periosteal callus. Anatomic alignment. Open physes."},
        impression=[f"Healed buckle fracture of the {side} distal radius."],
    )


def _supracondylar(case: Case) -> Iterator[Study]:
    side = case.side
    yield case.study(
        CR_ELBOW,
        0,
        side=side,
        setting=Setting.EMERGENCY,
        why=f"{case.who()}, fall from monkey bars, {side} elbow swollen.",
        findings={
            "Bones": "Supracondylar humeral fracture with an intact posterior cortex, Gartland II.",
            "Joint": "Joint effusion with displaced anterior and posterior fat pads.",
            "Alignment": "The anterior humeral line passes anterior to the capitellum.",
        },
        impression=[f"Gartland II supracondylar fracture of the {side} humerus."],
    )


def _scoliosis(case: Case) -> Iterator[Study]:
    angle = case.dice.randint(19, 26)
    convex = case.one("right", "right", "left")
    first = case.study(
        CR_SPINE,
        190,
        why=f"{case.who(190)}, rib hump on school examination.",
        findings={
            "Curve": f"{convex.capitalize()} convex thoracic curve T5–T12, Cobb angle {angle}°. Risser #1-2#."
        },
        impression=[f"Adolescent idiopathic scoliosis, {convex} thoracic curve of {angle}°."],
    )
    yield first
    later = angle + case.dice.randint(1, 4)
    yield case.study(
        CR_SPINE,
        0,
        compare=[first],
        why="Idiopathic scoliosis, brace treatment, control.",
        findings={
            "Curve": f"{convex.capitalize()} convex thoracic curve T5–T12, Cobb angle {later}° (previously {angle}°). Risser 2."
        },
        impression=[
            f"Thoracic curve of {later}°, {'within measurement error of' if later - angle < 5 else 'progressed from'} {angle}° on the prior study."
        ],
    )


STORIES = (
    Story(_reflux, "children", frozenset({"abdomen"}), 2, 0.9, 4),
    Story(_hips, "children", frozenset({"hips"}), 4, 0.08, 0.4),
    Story(_newborn_head, "children", frozenset({"head"}), 3, 0.01, 0.12),
    Story(_pylorus, "children", frozenset({"abdomen"}), 3, 0.06, 0.22),
    Story(_intussusception, "children", frozenset({"abdomen"}), 1.5, 0.5, 2.5),
    Story(_bronchiolitis, "children", frozenset({"chest"}), 4, 0.15, 3),
    Story(_appendix, "children", frozenset({"abdomen"}), 3, 5, 16),
    Story(_buckle, "children", frozenset({"wrist"}), 3, 5, 13),
    Story(_supracondylar, "children", frozenset({"elbow"}), 2, 4, 9),
    Story(_scoliosis, "children", frozenset({"spine"}), 2.5, 11.5, 15.5, Sex.FEMALE),
)
SINGLES = tuple(
    story
    for story in STORIES
    if story.tell in (_hips, _newborn_head, _pylorus, _bronchiolitis, _appendix, _supracondylar)
)
FILLERS = (
    Story(_newborn_head, "children", frozenset(), 1, 0, 0.15),
    Story(_bronchiolitis, "children", frozenset(), 1, 0.15, 3),
)

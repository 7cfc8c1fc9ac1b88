"""Bones and joints: exams and stories of fractures, joints, tendons and what a fall brings in."""
# ruff: noqa: E501 - prose, one sentence to a line

from __future__ import annotations

from collections.abc import Iterator

from server_stub.demo.case import Case, Category, Critical, Story, Study
from server_stub.demo.exams import Exam, Modality, Setting
from server_stub.demo.wording import mm


def _sided(left: str, right: str, display: str) -> dict[str, tuple[str, str]]:
    return {"left": (left, display.format("left")), "right": (right, display.format("right"))}


CR_WRIST = Exam(
    "XR {side} wrist, 3 views",
    Modality.CR,
    "WRIST",
    "[PA, oblique and lateral views of the {side} wrist.|Three views of the {side} wrist.]",
    {
        "Bones": "[No fracture.|No acute fracture. Normal mineralization.]",
        "Alignment": "[Carpal alignment is normal.|Normal carpal arcs. No dislocation.]",
        "Soft tissues": "[Soft tissues are unremarkable.|No soft tissue swelling.]",
    },
    loinc_by_side=_sided("26170-1", "26171-9", "XR Wrist - {} Views"),
)
CR_HAND = Exam(
    "XR {side} hand, 3 views",
    Modality.CR,
    "HAND",
    "[PA, oblique and lateral views of the {side} hand.]",
    {
        "Bones": "[No fracture or dislocation.|No acute osseous abnormality.]",
        "Joints": "[{55: Osteoarthritis of the first carpometacarpal joint and of several distal interphalangeal joints. // Joint spaces are preserved. No erosion.}]",
        "Soft tissues": "[No radiopaque foreign body.|Soft tissues are unremarkable.]",
    },
    loinc_by_side=_sided("26380-6", "26381-4", "XR Hand - {} 3 Views"),
)
CR_ANKLE = Exam(
    "XR {side} ankle, 3 views",
    Modality.CR,
    "ANKLE",
    "[AP, mortise and lateral views of the {side} ankle.|Three views of the {side} ankle.]",
    {
        "Bones": "[No fracture. The base of the fifth metatarsal is intact.|No acute fracture.]",
        "Alignment": "[The mortise is congruent.|Congruent ankle mortise. Talar dome intact.]",
        "Soft tissues": "[Lateral soft tissue swelling.|Mild soft tissue swelling.]",
    },
    loinc_by_side=_sided("26098-4", "26099-2", "XR Ankle - {} Views"),
)
CR_FOOT = Exam(
    "XR {side} foot, 3 views",
    Modality.CR,
    "FOOT",
    "[AP, oblique and lateral views of the {side} foot.]",
    {
        "Bones": "[No fracture or dislocation.|No acute fracture.]",
        "Joints": "[Normal tarsometatarsal alignment.|{50: Mild hallux valgus with first metatarsophalangeal osteoarthritis. // Joint spaces are preserved.}]",
        "Soft tissues": "[Unremarkable soft tissues.|No soft tissue gas.]",
    },
    loinc_by_side=_sided("26128-9", "26129-7", "XR Foot - {} Views"),
)
CR_ELBOW = Exam(
    "XR {side} elbow, 2 views",
    Modality.CR,
    "ELBOW",
    "[AP and lateral views of the {side} elbow.]",
    {
        "Bones": "[No fracture.|No acute osseous abnormality.]",
        "Joint": "[No joint effusion; the fat pads are normal.|Fat pads are not displaced.]",
        "Alignment": "[Anterior humeral and radiocapitellar lines are normal.]",
    },
    loinc_by_side=_sided("26110-7", "26111-5", "XR Elbow - {} Views"),
)
CR_HIP = Exam(
    "XR pelvis and {side} hip",
    Modality.CR,
    "HIP",
    "[AP pelvis and lateral view of the {side} hip.|AP pelvis and cross-table lateral view of the {side} hip.]",
    {
        "Bones": "[No fracture of the proximal femur or pelvic ring.|No acute fracture.]",
        "Joints": "[{60: Mild joint space narrowing of both hips. // Hip joint spaces are preserved.}]",
        "Soft tissues": "[Vascular calcification.|Unremarkable soft tissues.]",
    },
    loinc_by_side=_sided("26131-3", "26132-1", "XR Hip - {} Views"),
)
CR_KNEE = Exam(
    "XR {side} knee, 3 views",
    Modality.CR,
    "KNEE",
    "[Standing AP, lateral and patellar views of the {side} knee.|AP weight-bearing, lateral and skyline views of the {side} knee.]",
    {
        "Bones": "[No fracture.|No acute fracture. Normal mineralization.]",
        "Joint": "[Joint spaces are preserved. No effusion.|No joint effusion or loose body.]",
        "Soft tissues": "[Unremarkable soft tissues.]",
    },
)
MR_KNEE = Exam(
    "MR {side} knee without contrast",
    Modality.MR,
    "KNEE",
    "[3 T. PD fat-suppressed in three planes, sagittal T1 and T2.|1.5 T. Sagittal and coronal PD with and without fat suppression, axial PD FS.]",
    {
        "Menisci": "[Medial and lateral menisci are intact.]",
        "Cruciate ligaments": "[Anterior and posterior cruciate ligaments are intact.|ACL and PCL are continuous with normal signal.]",
        "Collateral ligaments": "[Medial and lateral collateral ligaments are intact.]",
        "Extensor mechanism": "[Quadriceps and patellar tendons are intact.|Normal extensor mechanism. The patella is centered.]",
        "Cartilage": "[Cartilage is preserved in all three compartments.|Mild chondral fissuring of the patella. No full-thickness defect.]",
        "Joint and marrow": "[No effusion. Normal marrow signal.|Physiologic joint fluid. No marrow edema.]",
    },
    ("30691-0", "MR Knee WO contrast"),
)
MR_SHOULDER = Exam(
    "MR {side} shoulder without contrast",
    Modality.MR,
    "SHOULDER",
    "[3 T. Coronal oblique PD FS and T1, sagittal oblique T2 and T1, axial PD FS.]",
    {
        "Rotator cuff": "[Supraspinatus, infraspinatus, subscapularis and teres minor tendons are intact.]",
        "Biceps": "[The long head of the biceps is in the groove and intact.]",
        "Labrum and joint": "[No labral tear. No effusion.|The labrum is intact on this non-arthrographic study.]",
        "Acromioclavicular joint": "[{45: Mild acromioclavicular osteoarthritis. // Normal acromioclavicular joint.}]",
        "Muscles and marrow": "[No muscle atrophy. Normal marrow.|Normal muscle bulk without fatty infiltration.]",
    },
    ("30693-6", "MR Shoulder WO contrast"),
)


def _wrist_fracture(case: Case) -> Iterator[Study]:
    side = case.side
    tilt = case.dice.randint(14, 26)
    ulna = " Avulsion of the ulnar styloid." if case.chance(0.4) else ""
    first = case.study(
        CR_WRIST,
        44,
        side=side,
        setting=Setting.EMERGENCY,
        why=f"{case.who(44)}, fall onto the outstretched {side} hand. Deformity.",
        findings={
            "Bones": f"Extra-articular fracture of the {side} distal radius with {tilt}° of dorsal angulation and #2-4# mm of shortening.{ulna}",
            "Soft tissues": "Dorsal soft tissue swelling.",
        },
        impression=[
            f"Dorsally angulated fracture of the {side} distal radius (Colles type)."
            + (" Ulnar styloid avulsion." if ulna else "")
        ],
    )
    yield first
    second = case.study(
        CR_WRIST,
        43.9,
        side=side,
        setting=Setting.EMERGENCY,
        compare=[first],
        why=f"After closed reduction and casting of the {side} wrist.",
        findings={
            "Bones": f"Cast obscures detail. Reduced fracture of the {side} distal radius with {case.dice.randint(1, 5)}° of residual dorsal angulation and restored length.",
            "Soft tissues": "Cast in place.",
        },
        impression=[f"Satisfactory reduction of the {side} distal radius fracture."],
    )
    yield second
    third = case.study(
        CR_WRIST,
        34,
        side=side,
        compare=[second],
        why=f"{side.capitalize()} distal radius fracture, day 10 in cast.",
        findings={
            "Bones": "Unchanged position of the fracture in cast. No secondary displacement.",
            "Soft tissues": "Cast in place.",
        },
        impression=[f"{side.capitalize()} distal radius fracture without secondary displacement."],
    )
    yield third
    yield case.study(
        CR_WRIST,
        0,
        side=side,
        compare=[first, third],
        why=f"{side.capitalize()} distal radius fracture, 6 weeks, out of cast.",
        findings={
            "Bones": "Callus bridges the fracture. The fracture line is [barely visible|indistinct]. Unchanged alignment. Disuse osteopenia."
        },
        impression=[f"Healing fracture of the {side} distal radius in unchanged alignment."],
    )


def _hip_fracture(case: Case) -> Iterator[Study]:
    side = case.side
    neck = case.chance(0.5)
    kind = "displaced femoral neck fracture (Garden III)" if neck else "comminuted intertrochanteric fracture"
    repair = "bipolar hemiarthroplasty" if neck else "cephalomedullary nail"
    first = case.study(
        CR_HIP,
        46,
        side=side,
        setting=Setting.EMERGENCY,
        why=f"{case.who(46)}, fall at [home|the care home]. {side.capitalize()} leg shortened and externally rotated.",
        findings={"Bones": f"{side.capitalize()} {kind}. The pelvic ring is intact. Osteopenia."},
        impression=[f"{side.capitalize()} {kind}."],
        critical=Critical(Category.HOURS, f"{side} hip fracture"),
    )
    yield first
    second = case.study(
        CR_HIP,
        44,
        side=side,
        setting=Setting.INPATIENT,
        compare=[first],
        why=f"After {side} {repair}.",
        findings={
            "Bones": f"{side.capitalize()} {repair} in expected position. No periprosthetic fracture.",
            "Joints": "The hip is located.",
            "Soft tissues": "Postoperative soft tissue gas and skin staples.",
        },
        impression=[f"Expected appearance after {side} {repair}."],
    )
    yield second
    yield case.study(
        CR_HIP,
        0,
        side=side,
        compare=[second],
        why=f"6 weeks after {side} {repair}.",
        findings={
            "Bones": f"{side.capitalize()} {repair} in unchanged position."
            + ("" if neck else " Bridging callus at the fracture.")
            + " No loosening or periprosthetic fracture.",
            "Joints": "The hip is located.",
        },
        impression=[f"Uncomplicated {side} {repair}" + ("." if neck else " with progressing union.")],
    )


def _knee_injury(case: Case) -> Iterator[Study]:
    side = case.side
    ligament = case.chance(0.45)
    first = case.study(
        CR_KNEE,
        9,
        side=side,
        setting=Setting.EMERGENCY,
        why=f"{case.who(9)}, {'pivoting injury at football' if ligament else 'twisting injury'}, {side} knee swollen.",
        findings={"Joint": "Moderate joint effusion. Joint spaces are preserved."},
        impression=["Joint effusion without fracture."],
    )
    yield first
    yield case.study(
        MR_KNEE,
        0,
        side=side,
        compare=[first],
        why=f"{side.capitalize()} knee: {'positive Lachman test' if ligament else 'medial joint line pain and locking'} after trauma.",
        findings={
            "Menisci": "Both menisci are intact."
            if ligament
            else "[Horizontal|Oblique] tear of the posterior horn of the medial meniscus reaching the inferior surface. The lateral meniscus is intact.",
            "Cruciate ligaments": "Complete midsubstance tear of the anterior cruciate ligament. The posterior cruciate ligament is intact."
            if ligament
            else "Both cruciate ligaments are intact.",
            "Joint and marrow": "Moderate effusion."
            + (
                " Bone contusions of the lateral femoral condyle and posterolateral tibial plateau."
                if ligament
                else " No fracture."
            ),
        },
        impression=[
            f"Complete ACL tear of the {side} knee with pivot-shift contusions."
            if ligament
            else f"Tear of the medial meniscus, posterior horn, {side} knee.",
            "No meniscal tear." if ligament else "Cruciate and collateral ligaments are intact.",
        ],
    )


def _knee_arthritis(case: Case) -> Iterator[Study]:
    side = case.side
    first = case.study(
        CR_KNEE,
        560,
        side=side,
        why=f"{case.who(560)}, {side} knee pain on walking for two years.",
        findings={
            "Joint": "Moderate medial joint space narrowing with marginal osteophytes and subchondral sclerosis (Kellgren-Lawrence 3). Small effusion."
        },
        impression=[f"Moderate medial compartment osteoarthritis of the {side} knee."],
    )
    yield first
    second = case.study(
        CR_KNEE,
        100,
        side=side,
        compare=[first],
        why=f"{side.capitalize()} knee osteoarthritis, before arthroplasty.",
        findings={
            "Joint": f"Bone-on-bone contact of the medial compartment with varus alignment, progressed since {first.day} (Kellgren-Lawrence 4). Small effusion."
        },
        impression=[f"Advanced medial osteoarthritis of the {side} knee, progressed."],
    )
    yield second
    yield case.study(
        CR_KNEE,
        0,
        side=side,
        compare=[second],
        why=f"6 weeks after {side} total knee arthroplasty.",
        findings={
            "Bones": "No periprosthetic fracture.",
            "Joint": "Cemented total knee arthroplasty in anatomic alignment. No lucency at the interfaces. Small effusion.",
        },
        impression=[f"Uncomplicated {side} total knee arthroplasty."],
    )


def _shoulder(case: Case) -> Iterator[Study]:
    side = case.side
    size = case.dice.randint(12, 26)
    full = case.chance(0.55)
    yield case.study(
        MR_SHOULDER,
        0,
        side=side,
        why=f"{case.who()}, {side} shoulder pain and weak abduction [for four months|after lifting]. Rotator cuff tear?",
        findings={
            "Rotator cuff": (
                f"Full-thickness tear of the supraspinatus tendon at its insertion, {mm(size)} in AP dimension, with {mm(size - 2)} of retraction. Infraspinatus and subscapularis are intact."
                if full
                else "Supraspinatus tendinosis with a low-grade articular-sided partial tear. The other tendons are intact."
            ),
            "Muscles and marrow": "Mild fatty infiltration of the supraspinatus (Goutallier 1)."
            if full
            else "Normal muscle bulk.",
        },
        impression=[
            f"Full-thickness supraspinatus tear of the {side} shoulder, {mm(size)}, Goutallier 1."
            if full
            else f"Supraspinatus tendinosis with a low-grade partial tear, {side} shoulder. No full-thickness tear."
        ],
    )


def _ankle(case: Case) -> Iterator[Study]:
    side = case.side
    weber = case.chance(0.35)
    first = case.study(
        CR_ANKLE,
        42 if weber else 0,
        side=side,
        setting=Setting.EMERGENCY,
        why=f"{case.who(42 if weber else 0)}, inversion injury of the {side} ankle, unable to bear weight.",
        findings={
            "Bones": f"Oblique fracture of the {side} lateral malleolus at the level of the syndesmosis (Weber B), 2 mm displacement.",
            "Alignment": "The medial clear space is not widened.",
        }
        if weber
        else None,
        impression=[
            f"Weber B fracture of the {side} lateral malleolus, stable mortise."
            if weber
            else f"No fracture of the {side} ankle. Soft tissue swelling."
        ],
    )
    yield first
    if weber:
        yield case.study(
            CR_ANKLE,
            0,
            side=side,
            compare=[first],
            why=f"{side.capitalize()} Weber B fracture, 6 weeks, boot.",
            findings={
                "Bones": "Bridging callus at the lateral malleolus, unchanged alignment.",
                "Soft tissues": "Soft tissue swelling has subsided.",
            },
            impression=[f"Uniting fracture of the {side} lateral malleolus, congruent mortise."],
        )


def _hand(case: Case) -> Iterator[Study]:
    side = case.side
    yield case.study(
        CR_HAND,
        0,
        side=side,
        why=f"{case.who()}, {side} hand [crushed in a door|struck by a ball|pain after a fall]. Fracture?",
        setting=Setting.EMERGENCY,
        impression=[f"No fracture of the {side} hand."],
    )


def _foot(case: Case) -> Iterator[Study]:
    side = case.side
    yield case.study(
        CR_FOOT,
        0,
        side=side,
        why=f"{case.who()}, {side} forefoot pain [after a long hike|since a weight fell on it|for three weeks].",
        impression=[f"No fracture of the {side} foot."],
    )


def _elbow(case: Case) -> Iterator[Study]:
    side = case.side
    yield case.study(
        CR_ELBOW,
        0,
        side=side,
        setting=Setting.EMERGENCY,
        why=f"{case.who()}, fall onto the {side} elbow.",
        impression=[f"No fracture or effusion of the {side} elbow."],
    )


STORIES = (
    Story(_wrist_fracture, "bones", frozenset({"wrist"}), 2.4, 45, 90),
    Story(_hip_fracture, "bones", frozenset({"hip"}), 1.8, 70, 95),
    Story(_knee_injury, "bones", frozenset({"knee"}), 2.4, 18, 48),
    Story(_knee_arthritis, "bones", frozenset({"knee"}), 2, 60, 84),
    Story(_shoulder, "bones", frozenset({"shoulder"}), 2, 40, 74),
    Story(_ankle, "bones", frozenset({"ankle"}), 2, 18, 70),
    Story(_hand, "emergency", frozenset({"hand"}), 1.3, 16, 90),
    Story(_foot, "general", frozenset({"foot"}), 1.2, 16, 90),
    Story(_elbow, "emergency", frozenset({"elbow"}), 0.8, 4, 70),
)
SINGLES = (*STORIES[6:], STORIES[4])
FILLERS = (
    Story(_hand, "emergency", frozenset(), 1, 3, 99),
    Story(_foot, "general", frozenset(), 1, 3, 99),
    Story(_elbow, "emergency", frozenset(), 1, 3, 99),
)

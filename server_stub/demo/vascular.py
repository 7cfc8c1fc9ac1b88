"""Vessels: aneurysm, dissection, veins, carotids, and what is done about them under fluoroscopy."""
# ruff: noqa: E501 - prose, one sentence to a line

from __future__ import annotations

from collections.abc import Iterator

from server_stub.demo.case import Case, Category, Critical, Story, Study
from server_stub.demo.exams import CT_DOSE, IODINE, Exam, Modality, Setting
from server_stub.demo.wording import cm, mm

US_AORTA = Exam(
    "US abdominal aorta",
    Modality.US,
    "AORTA",
    "[Grayscale and color Doppler ultrasound of the abdominal aorta. Outer-to-outer diameters.|Transabdominal ultrasound of the aorta, diameters outer to outer.]",
    {
        "Aorta": "[The abdominal aorta is normal in caliber, maximum diameter #16-21# mm.]",
        "Iliac arteries": "[The common iliac arteries are not aneurysmal.|Common iliac arteries measure up to #10-13# mm.]",
        "Other": "[No retroperitoneal fluid. No hydronephrosis.|Both kidneys are without hydronephrosis.]",
    },
)
CTA_AORTA = Exam(
    "CT angiogram chest, abdomen and pelvis",
    Modality.CT,
    "AORTA",
    f"ECG-gated CT angiography of the aorta from thoracic inlet to groin: unenhanced, arterial and delayed phases. {IODINE} {CT_DOSE}",
    {
        "Thoracic aorta": "[The thoracic aorta is normal in caliber without dissection or intramural hematoma.|No dissection or aneurysm of the thoracic aorta.]",
        "Abdominal aorta": "The abdominal aorta is normal in caliber.",
        "Branch vessels": "[Celiac trunk, superior mesenteric and both renal arteries are patent.|The visceral branches are patent without significant stenosis.]",
        "Iliac arteries": "[The iliac arteries are patent with mild calcified plaque.]",
        "Chest": "[The lungs are clear. No pleural or pericardial effusion.|No consolidation. No pericardial effusion.]",
        "Abdomen and pelvis": "[No acute abnormality of the solid organs. No free fluid.|Solid organs enhance normally. No free fluid.]",
        "Bones": "[No acute osseous abnormality.|Degenerative changes of the spine.]",
    },
)
CTA_ABDOMEN = Exam(
    "CT angiogram abdomen and pelvis",
    Modality.CT,
    "AORTA",
    f"Unenhanced, arterial and 2-minute delayed CT of the abdomen and pelvis. {IODINE} {CT_DOSE}",
    {organ: text for organ, text in CTA_AORTA.normal.items() if organ not in ("Thoracic aorta", "Chest")},
)
US_LEG_VEINS = Exam(
    "US {side} leg veins",
    Modality.US,
    "LEG",
    "[Compression ultrasound with color and spectral Doppler of the {side} leg from groin to calf.|Grayscale compression and duplex ultrasound, {side} leg.]",
    {
        "Deep veins": "[The common femoral, femoral, popliteal and posterior tibial veins are compressible, with spontaneous phasic flow.|Normal compressibility and flow from the common femoral to the calf veins.]",
        "Superficial veins": "[The great and small saphenous veins are compressible.|No superficial thrombophlebitis.]",
        "Soft tissues": "[No Baker cyst. |No fluid collection. ][Mild subcutaneous edema at the ankle.|]",
    },
)
US_CAROTID = Exam(
    "US carotid arteries, bilateral",
    Modality.US,
    "NECK",
    "Grayscale, color and spectral Doppler of both carotid and vertebral arteries. Stenosis graded by SRU consensus criteria.",
    {
        "Right carotid": "Intima-media thickening. ICA peak systolic velocity #62-98# cm/s, without significant stenosis.",
        "Left carotid": "Mild plaque at the bulb. ICA peak systolic velocity #60-96# cm/s, without significant stenosis.",
        "Vertebral arteries": "Antegrade flow in both vertebral arteries.",
    },
)
XA_LEG = Exam(
    "XA {side} leg angiogram and angioplasty",
    Modality.XA,
    "LEG",
    "Informed consent and time-out. Conscious sedation with midazolam #1-2# mg and fentanyl [50|75|100] µg IV. Contralateral femoral access under ultrasound, 6 Fr sheath. Iodixanol 320, [60|75|90|110] mL. Fluoroscopy time #11-24# min, air kerma #95-310# mGy. Heparin 5,000 IU.",
    {
        "Access and closure": "Hemostasis with a vascular closure device. No groin hematoma.",
        "Complications": "No complications.",
    },
)
XA_EMBOLIZATION = Exam(
    "XA mesenteric angiogram and embolization",
    Modality.XA,
    "ABDOMEN",
    "General anesthesia. Right common femoral access under ultrasound, 5 Fr sheath. Selective catheterization with a 2.4 Fr microcatheter. Fluoroscopy time #14-31# min, air kerma #420-980# mGy. Iohexol 300, [80|100|120] mL.",
    {
        "Access and closure": "Hemostasis with a vascular closure device.",
        "Complications": "No complications.",
    },
)
XA_PORT = Exam(
    "XA port placement, {side} internal jugular vein",
    Modality.XA,
    "CHEST",
    "Written consent and time-out. Maximal sterile barrier. Local anesthesia with #12-20# mL lidocaine 1 % and conscious sedation. Fluoroscopy time #0.4-1.2# min.",
    {
        "Procedure": "The {side} internal jugular vein was patent and compressible. It was punctured under ultrasound; an image was stored. An 8 Fr single-lumen port was placed in an infraclavicular pocket on the same side and its catheter tunneled to the venotomy.",
        "Result": "The catheter tip lies at the cavoatrial junction. The port aspirates and flushes freely. No pneumothorax.",
        "Complications": "No complications. Estimated blood loss under 5 mL.",
    },
)


def _aneurysm(case: Case) -> Iterator[Study]:
    size = case.dice.randint(40, 46)
    steps = [size, size + case.dice.randint(2, 4)]
    steps.append(steps[1] + case.dice.randint(2, 4))
    steps.append(max(55, steps[2] + case.dice.randint(3, 5)))
    priors: list[Study] = []
    for place, (before, now) in enumerate(zip((1500, 1130, 760), steps[:3], strict=True)):
        growth = "" if not priors else f" It measured {mm(steps[place - 1])} on {priors[-1].day}."
        study = case.study(
            US_AORTA,
            before,
            compare=priors[-1:],
            why=f"{case.who(before)}. "
            + (
                "Screening for abdominal aortic aneurysm."
                if not priors
                else f"Infrarenal aortic aneurysm, surveillance. {mm(steps[place - 1])} at last visit."
            ),
            findings={
                "Aorta": f"[Fusiform|Fusiform, partly thrombus-lined] infrarenal aneurysm with a maximum diameter of {mm(now)}.{growth}"
            },
            impression=[
                f"Infrarenal abdominal aortic aneurysm, {mm(now)}"
                + (f" (previously {mm(steps[place - 1])})." if priors else "."),
                "[Surveillance in 12 months.|Follow-up ultrasound in 12 months is recommended.]",
            ],
        )
        yield study
        priors.append(study)
    planning = case.study(
        CTA_ABDOMEN,
        380,
        compare=priors[-1:],
        why=f"Growing aortic aneurysm, {mm(steps[2])} last year. Repair planning.",
        findings={
            "Abdominal aorta": f"Infrarenal fusiform aneurysm, maximum diameter {cm(steps[3], steps[3] - 3)}, with mural thrombus. Neck length #18-30# mm, neck diameter #21-26# mm, angulation below 40°. No sign of impending rupture."
        },
        impression=[
            f"Infrarenal aortic aneurysm has reached {mm(steps[3])} (previously {mm(steps[2])}), above the threshold for repair.",
            "Anatomy suitable for endovascular repair.",
        ],
        critical=Critical(Category.HOURS, "growth of the aortic aneurysm to the threshold for repair"),
    )
    yield planning
    repaired = case.study(
        CTA_ABDOMEN,
        300,
        compare=[planning],
        why="30 days after endovascular aortic repair (EVAR).",
        findings={
            "Abdominal aorta": f"Bifurcated stent graft in the expected position below the renal arteries, patent. Aneurysm sac {mm(steps[3])}, unchanged. No endoleak in the arterial or delayed phase."
        },
        impression=["Patent stent graft without endoleak or migration.", f"Sac {mm(steps[3])}, unchanged."],
    )
    yield repaired
    leak = case.chance(0.35)
    now = steps[3] - (1 if leak else case.dice.randint(5, 9))
    yield case.study(
        CTA_ABDOMEN,
        0,
        compare=[repaired],
        why="One year after EVAR.",
        findings={
            "Abdominal aorta": f"Stent graft patent and in unchanged position. Sac {mm(now)} (previously {mm(steps[3])}). "
            + (
                "Contrast in the posterior sac on the delayed phase, fed by a lumbar artery."
                if leak
                else "No endoleak."
            )
        },
        impression=[
            f"Type II endoleak from a lumbar artery; sac stable at {mm(now)}. Follow-up in 6 months."
            if leak
            else f"Shrinking aneurysm sac, {mm(now)} (previously {mm(steps[3])}). No endoleak."
        ],
    )


def _rupture(case: Case) -> Iterator[Study]:
    size = case.dice.randint(62, 88)
    side = case.side
    yield case.study(
        CTA_ABDOMEN,
        0,
        setting=Setting.EMERGENCY,
        why=f"{case.who()} with sudden back pain, syncope and BP #70-85#/#40-50# mmHg. Pulsatile abdominal mass.",
        findings={
            "Abdominal aorta": f"Infrarenal aneurysm, {cm(size, size - 6)}, with a discontinuous {side} lateral wall and active contrast extravasation.",
            "Abdomen and pelvis": f"Large {side} retroperitoneal hematoma extending into the pelvis. Hypoperfusion complex with a flat inferior vena cava.",
        },
        impression=[
            f"Ruptured infrarenal abdominal aortic aneurysm ({mm(size)}) with active bleeding into the {side} retroperitoneum."
        ],
        critical=Critical(Category.MINUTES, "ruptured abdominal aortic aneurysm"),
    )


def _dissection(case: Case) -> Iterator[Study]:
    root = case.chance(0.35)
    width = case.dice.randint(36, 41)
    if root:
        yield case.study(
            CTA_AORTA,
            0,
            setting=Setting.EMERGENCY,
            why=f"{case.who()} with tearing chest pain radiating to the back, pulse deficit in one arm. Dissection?",
            findings={
                "Thoracic aorta": "Intimal flap from the aortic root through the arch to the descending aorta. Ascending aorta #46-54# mm.",
                "Branch vessels": "The flap extends into the brachiocephalic trunk. Celiac trunk, superior mesenteric and renal arteries arise from the true lumen.",
                "Chest": "Hemopericardium, 12 mm. The lungs are clear.",
            },
            impression=[
                "Acute type A (DeBakey I) aortic dissection with hemopericardium.",
                "Extension into the brachiocephalic trunk.",
            ],
            critical=Critical(Category.MINUTES, "acute type A aortic dissection"),
        )
        return
    first = case.study(
        CTA_AORTA,
        370,
        setting=Setting.EMERGENCY,
        why=f"{case.who(370)} with acute interscapular pain, BP 210/115 mmHg. Dissection?",
        findings={
            "Thoracic aorta": f"Dissection flap from just beyond the left subclavian artery. Maximum diameter of the descending aorta {mm(width)}. The ascending aorta is not involved.",
            "Abdominal aorta": "The flap extends to the aortic bifurcation.",
            "Branch vessels": "Celiac trunk, superior mesenteric and right renal artery arise from the true lumen, the left renal artery from the false lumen. All are perfused.",
        },
        impression=[
            "Acute type B aortic dissection from the left subclavian artery to the bifurcation, without malperfusion.",
            f"Descending aorta {mm(width)}.",
        ],
        critical=Critical(Category.MINUTES, "acute type B aortic dissection"),
    )
    yield first
    second = case.study(
        CTA_AORTA,
        363,
        setting=Setting.INPATIENT,
        compare=[first],
        why="Type B dissection, day 7, blood pressure controlled.",
        findings={
            "Thoracic aorta": f"Unchanged extent of the type B dissection. Descending aorta {mm(width)}.",
            "Abdominal aorta": "The flap again reaches the aortic bifurcation.",
            "Branch vessels": "All visceral branches remain perfused.",
        },
        impression=["Stable type B dissection. No malperfusion, no rupture."],
    )
    yield second
    now = width + case.dice.randint(1, 4)
    yield case.study(
        CTA_AORTA,
        0,
        compare=[first, second],
        why="Chronic type B dissection, annual follow-up.",
        findings={
            "Thoracic aorta": f"Chronic type B dissection with a partly thrombosed false lumen. Descending aorta {mm(now)} (previously {mm(width)}).",
            "Abdominal aorta": "The flap extends to the bifurcation, unchanged.",
            "Branch vessels": "All visceral branches remain perfused.",
        },
        impression=[
            f"Chronic type B dissection, descending aorta {mm(now)} (previously {mm(width)}).",
            "Annual CT is recommended.",
        ],
    )


def _leg_veins(case: Case) -> Iterator[Study]:
    side = case.side
    thrombus = case.chance(0.4)
    why = f"{case.who()} with {side} [calf pain and swelling|leg swelling|calf tenderness], [Wells score 2|D-dimer raised|after knee surgery]. DVT?"
    if not thrombus:
        yield case.study(
            US_LEG_VEINS,
            0,
            side=side,
            setting=Setting.EMERGENCY,
            why=why,
            impression=[f"No deep vein thrombosis in the {side} leg."],
        )
        return
    first = case.study(
        US_LEG_VEINS,
        95,
        side=side,
        setting=Setting.EMERGENCY,
        why=why.replace(case.who(), case.who(95)),
        findings={
            "Deep veins": f"Occlusive hypoechoic thrombus distends the {side} femoral and popliteal veins, which do not compress. The common femoral vein is patent."
        },
        impression=[f"Acute {side} femoropopliteal deep vein thrombosis."],
        critical=Critical(Category.HOURS, f"acute {side} femoropopliteal deep vein thrombosis"),
    )
    yield first
    yield case.study(
        US_LEG_VEINS,
        0,
        side=side,
        compare=[first],
        why=f"{side.capitalize()} leg DVT, 3 months of anticoagulation.",
        findings={
            "Deep veins": f"The {side} femoral vein has recanalized. Residual wall thickening of the popliteal vein, 2 mm, with good flow. No fresh thrombus."
        },
        impression=[
            f"Recanalized {side} femoropopliteal thrombosis with minor post-thrombotic wall thickening."
        ],
    )


def _carotids(case: Case) -> Iterator[Study]:
    side = case.side
    velocity = case.dice.randint(150, 190)
    faster = velocity + case.dice.randint(60, 110)
    key = f"{side.capitalize()} carotid"
    first = case.study(
        US_CAROTID,
        370,
        why=f"{case.who(370)}, [bruit|vascular risk factors|asymptomatic stenosis noted elsewhere].",
        findings={
            key: f"Mixed plaque at the bifurcation. ICA peak systolic velocity {velocity} cm/s, end-diastolic #45-70# cm/s: 50–69 % stenosis."
        },
        impression=[
            f"50–69 % stenosis of the {side} internal carotid artery.",
            "No significant stenosis on the other side.",
        ],
    )
    yield first
    worse = faster >= 230
    yield case.study(
        US_CAROTID,
        0,
        compare=[first],
        why=f"Known {side} carotid stenosis, annual control.",
        findings={
            key: f"Mixed plaque at the bifurcation. ICA peak systolic velocity {faster if worse else velocity + 6} cm/s (previously {velocity} cm/s){', end-diastolic 110 cm/s: 70 % or greater stenosis' if worse else ': 50–69 % stenosis'}."
        },
        impression=[
            f"Progression to a stenosis of 70 % or more of the {side} internal carotid artery. Vascular referral is suggested."
            if worse
            else f"Unchanged 50–69 % stenosis of the {side} internal carotid artery."
        ],
    )


def _claudication(case: Case) -> Iterator[Study]:
    side = case.side
    length = case.dice.randint(4, 12)
    yield case.study(
        XA_LEG,
        0,
        side=side,
        setting=Setting.INPATIENT,
        why=f"{side.capitalize()} leg claudication, walking distance #40-120# m, ABI #0.4-0.6#.",
        findings={
            "Angiogram": f"Inflow vessels are patent. {length} cm [occlusion|high-grade stenosis] of the {side} superficial femoral artery in the adductor canal. Two-vessel runoff through the anterior tibial and peroneal arteries.",
            "Intervention": "The lesion was crossed intraluminally and dilated with a 5 mm drug-coated balloon. Completion angiogram: residual stenosis below 20 %, no flow-limiting dissection, runoff unchanged.",
        },
        impression=[
            f"Technically successful angioplasty of a {length} cm lesion of the {side} superficial femoral artery.",
            "Clopidogrel 75 mg for 3 months; duplex control in 6 weeks.",
        ],
    )


def _bleeding(case: Case) -> Iterator[Study]:
    vessel = case.one(
        "gastroduodenal artery",
        "a jejunal branch of the superior mesenteric artery",
        "a right colic branch of the superior mesenteric artery",
    )
    first = case.study(
        CTA_ABDOMEN,
        0.1,
        setting=Setting.EMERGENCY,
        why=f"{case.who()} with {'hematemesis' if 'duodenal' in vessel else 'hematochezia'} and falling hemoglobin, #60-72# g/L.",
        findings={
            "Bleeding": f"Active arterial contrast extravasation from {'the ' if vessel.startswith('g') else ''}{vessel}, increasing on the delayed phase."
        },
        impression=[
            f"Active bleeding from {'the ' if vessel.startswith('g') else ''}{vessel}. Interventional radiology has been informed."
        ],
        critical=Critical(Category.MINUTES, "active gastrointestinal bleeding"),
    )
    yield first
    yield case.study(
        XA_EMBOLIZATION,
        0,
        setting=Setting.EMERGENCY,
        compare=[first],
        why="Active gastrointestinal bleeding on CT.",
        findings={
            "Angiogram": f"Active extravasation from {'the ' if vessel.startswith('g') else ''}{vessel}.",
            "Intervention": "Superselective embolization with #3-6# detachable coils. Completion angiogram shows no further extravasation and preserved collateral perfusion.",
        },
        impression=[f"Successful coil embolization of {'the ' if vessel.startswith('g') else ''}{vessel}."],
    )


def _port(case: Case) -> Iterator[Study]:
    side = case.one("right", "right", "left")
    yield case.study(
        XA_PORT,
        0,
        side=side,
        why="Venous access for chemotherapy.",
        impression=[f"{side.capitalize()} internal jugular port, ready for use."],
    )


STORIES = (
    Story(_aneurysm, "vessels", frozenset({"aorta", "abdomen"}), 1.5, 68, 86),
    Story(_rupture, "emergency", frozenset({"aorta", "abdomen"}), 0.4, 68, 90),
    Story(_dissection, "vessels", frozenset({"aorta", "chest", "abdomen"}), 0.9, 48, 82),
    Story(_leg_veins, "emergency", frozenset({"leg veins"}), 3, 20, 90),
    Story(_carotids, "vessels", frozenset({"neck vessels"}), 1.6, 60, 88),
    Story(_claudication, "vessels", frozenset({"leg arteries"}), 1.6, 58, 86),
    Story(_bleeding, "emergency", frozenset({"abdomen"}), 1, 45, 90),
    Story(_port, "oncology", frozenset({"port"}), 1, 35, 80),
)
SINGLES = (STORIES[5],)

"""Abdomen: exams and stories of liver, biliary tract, pancreas, bowel and kidneys, and cancer followed by CT."""
# ruff: noqa: E501 - prose, one sentence to a line

from __future__ import annotations

from collections.abc import Iterator

from server_stub.demo.case import Case, Category, Critical, Story, Study
from server_stub.demo.chest import CR_CHEST
from server_stub.demo.exams import CT_DOSE, GADOLINIUM, IODINE, Exam, Modality, Setting
from server_stub.demo.wording import cm, mm

_PELVIS = "[The bladder is unremarkable.|Normal bladder.] {f: The uterus and adnexa are unremarkable for age. // The prostate is unremarkable for age.} No free pelvic fluid."
_SOLID = {
    "Liver": "[The liver is normal in size and attenuation, without focal lesion.|No focal hepatic lesion.|The liver enhances homogeneously.]",
    "Gallbladder and bile ducts": "[The gallbladder is unremarkable. No biliary dilatation.|No calcified gallstones. Bile ducts are not dilated.]",
    "Pancreas": "[The pancreas is normal, without ductal dilatation.|Pancreas unremarkable.]",
    "Spleen": "[The spleen is normal in size.|Spleen unremarkable.]",
    "Adrenals": "[Both adrenal glands are normal.|No adrenal nodule.]",
    "Kidneys": "[Both kidneys enhance symmetrically. No hydronephrosis or stone.|No hydronephrosis or suspicious renal mass.] {62: A few simple renal cysts. // }",
    "Bowel": "[No bowel obstruction or wall thickening. The appendix is normal.|Normal caliber of large and small bowel. Normal appendix.]",
    "Vessels and nodes": "[No enlarged lymph nodes. {60: Atherosclerotic calcification of a normal-caliber aorta. // The aorta is normal in caliber.}]",
    "Peritoneum": "[No free fluid or free air.|No ascites or pneumoperitoneum.]",
    "Pelvis": _PELVIS,
    "Bones": "[No suspicious osseous lesion.|No aggressive bone lesion.] {55: Degenerative change of the lumbar spine. // }",
}
CT_ABDOMEN = Exam(
    "CT abdomen and pelvis with contrast",
    Modality.CT,
    "ABDOMEN",
    f"[Helical CT of the abdomen and pelvis in the portal venous phase with coronal and sagittal reformats.|Portal venous CT from the lung bases to the symphysis.] {IODINE} [No oral contrast.|Oral water.|Dilute oral contrast.] {CT_DOSE}",
    {"Lung bases": "[The lung bases are clear.|No consolidation or effusion at the lung bases.]", **_SOLID},
    ("36813-4", "CT Abdomen and Pelvis W contrast IV"),
)
CT_STAGING = Exam(
    "CT chest, abdomen and pelvis with contrast",
    Modality.CT,
    "ABDOMEN",
    f"CT of the chest, abdomen and pelvis in the portal venous phase. {IODINE} [Dilute oral contrast.|Oral water.] {CT_DOSE} Target lesions measured according to RECIST 1.1.",
    {
        "Lungs": "[No pulmonary nodule or consolidation.|The lungs are clear.]",
        "Mediastinum": "[No enlarged mediastinal or hilar nodes.|No thoracic lymphadenopathy.]",
        **_SOLID,
    },
)
CT_STONE = Exam(
    "CT kidneys, ureters and bladder, low dose",
    Modality.CT,
    "ABDOMEN",
    "Unenhanced low-dose CT from the kidneys to the bladder, prone. DLP #90-190# mGy·cm.",
    {
        "Kidneys and ureters": "[No urinary stone or hydronephrosis.|No renal or ureteral calculus. No hydronephrosis.]",
        "Bladder": "[The bladder is unremarkable.|No bladder stone.]",
        "Bowel": "[The appendix is normal. No bowel obstruction.|Normal appendix; no diverticulitis.]",
        "Other": "[Within the limits of an unenhanced low-dose study, the solid organs are unremarkable.|No free fluid. No aortic aneurysm.]",
    },
)
US_ABDOMEN = Exam(
    "US abdomen, complete",
    Modality.US,
    "ABDOMEN",
    "[Transabdominal grayscale and color Doppler ultrasound, curved array.|Grayscale and Doppler ultrasound of the upper abdomen, patient fasting.]",
    {
        "Liver": "[The liver is normal in size and echotexture, without focal lesion. Hepatopetal portal flow.|Normal liver echogenicity and smooth contour. Portal vein patent.]",
        "Gallbladder and bile ducts": "[No gallstones. Wall thickness 2 mm. Common bile duct #3-5# mm.|The gallbladder is normal. Common duct #3-5# mm.]",
        "Pancreas": "[The visualized pancreas is normal; the tail is obscured by bowel gas.|Pancreatic head and body are unremarkable.]",
        "Spleen": "[The spleen measures #9.2-11.6# cm.|Spleen normal, #9.4-11.4# cm.]",
        "Kidneys": "[Right kidney #10.0-11.2# cm, left kidney #10.2-11.5# cm. No hydronephrosis.|Both kidneys are normal in size without hydronephrosis or shadowing stone.]",
        "Aorta and fluid": "[The abdominal aorta is normal in caliber. No ascites.|No aortic aneurysm. No free fluid.]",
    },
    ("24558-9", "US Abdomen"),
)
US_KIDNEYS = Exam(
    "US kidneys and bladder",
    Modality.US,
    "ABDOMEN",
    "[Grayscale and color Doppler ultrasound of kidneys and bladder.]",
    {
        "Right kidney": "Length #10.0-11.4# cm. Normal cortex. No hydronephrosis, stone or mass.",
        "Left kidney": "Length #10.2-11.6# cm. Normal cortex. No hydronephrosis, stone or mass.",
        "Bladder": "[Well-filled and normal. Both ureteral jets are seen.|Normal wall. Post-void residual #5-30# mL.]",
    },
)
MR_LIVER = Exam(
    "MR liver with and without contrast",
    Modality.MR,
    "LIVER",
    f"[1.5 T. Axial T2, in- and opposed-phase T1, DWI (b 50, 400, 800), dynamic T1 in late arterial, portal venous and delayed phases.] {GADOLINIUM}",
    {
        "Liver": "No focal lesion.",
        "Biliary tract": "[No biliary dilatation.|Normal biliary tract.]",
        "Vessels": "[Portal and hepatic veins are patent.]",
        "Pancreas, spleen, adrenals": "[Unremarkable pancreas and adrenals.]",
        "Kidneys": "[No hydronephrosis.]",
        "Nodes and fluid": "[No enlarged nodes. No ascites.]",
    },
    ("30670-4", "MR Liver WO and W contrast IV"),
)
MRCP = Exam(
    "MR pancreas and bile ducts (MRCP)",
    Modality.MR,
    "ABDOMEN",
    "1.5 T. Coronal and axial T2 HASTE, 3D MRCP, DWI, T1 fat-suppressed. No contrast.",
    {
        "Gallbladder and bile ducts": "[No gallstones. Common duct #4-6# mm without filling defect.]",
        "Pancreas": "[Normal signal. The main duct is not dilated.]",
        "Liver": "[No focal lesion.]",
        "Other": "[No free fluid or enlarged nodes.|Unremarkable spleen, adrenals and kidneys.]",
    },
)
CR_ABDOMEN = Exam(
    "XR abdomen, supine and upright",
    Modality.CR,
    "ABDOMEN",
    "[Supine and upright views of the abdomen.]",
    {
        "Bowel gas": "[Nonobstructive bowel gas pattern. {18: Moderate // Mild} stool in the colon.]",
        "Free air": "[No free intraperitoneal air.|No pneumoperitoneum.]",
        "Calcifications and bones": "[No abnormal calcification. No acute osseous abnormality.]",
    },
)


def _appendix(case: Case) -> Iterator[Study]:
    size = case.dice.randint(9, 13)
    perforated = case.chance(0.25)
    yield case.study(
        CT_ABDOMEN,
        0,
        setting=Setting.EMERGENCY,
        why=f"{case.who()}, right lower quadrant pain and fever, WBC #12.0-18.9# x10⁹/L. Appendicitis?",
        findings={
            "Bowel": f"The appendix is dilated to {mm(size)} with wall enhancement and periappendiceal fat stranding. "
            + (
                "Wall defect at the tip with a #2.4-3.9# cm rim-enhancing collection."
                if perforated
                else "[An appendicolith lies at its base.|No appendicolith.] No collection or extraluminal gas."
            ),
            "Peritoneum": "Small amount of free pelvic fluid. No free air.",
            "Pelvis": "The bladder is unremarkable.",
        },
        impression=[
            "Perforated acute appendicitis with a small periappendiceal abscess."
            if perforated
            else "[Acute uncomplicated appendicitis.|Acute appendicitis without perforation or abscess.]"
        ],
        critical=Critical(Category.HOURS, "acute appendicitis") if perforated or case.chance(0.5) else None,
    )


def _colic(case: Case) -> Iterator[Study]:
    side = case.side
    size = case.dice.randint(4, 8)
    place = case.one("vesicoureteric junction", "proximal ureter", "mid ureter at the level of L4")
    hounsfield = case.dice.randint(620, 1180)
    first = case.study(
        CT_STONE,
        40,
        setting=Setting.EMERGENCY,
        why=f"{case.who(40)}, acute {side} flank pain and hematuria. Stone?",
        findings={
            "Kidneys and ureters": f"{mm(size)} stone in the {side} {place} ({hounsfield} HU) with {'moderate' if size > 6 else 'mild'} hydroureteronephrosis and perinephric stranding. No other stone."
        },
        impression=[
            f"Obstructing {mm(size)} stone of the {side} {place} with {'moderate' if size > 6 else 'mild'} hydronephrosis."
        ],
    )
    yield first
    passed = size < 7
    kidney = {"Right kidney": "right", "Left kidney": "left"}
    found = {
        organ: "Length #10.2-11.4# cm. "
        + ("No residual hydronephrosis." if passed else "Double-J stent in place. No hydronephrosis.")
        for organ, own in kidney.items()
        if own == side
    }
    yield case.study(
        US_KIDNEYS,
        0,
        compare=[first],
        why=f"{side.capitalize()} ureteral stone six weeks ago, {'reported as passed' if passed else 'after stenting, before ureteroscopy'}.",
        findings=found,
        impression=[
            f"Resolved {side} hydronephrosis."
            if passed
            else f"{side.capitalize()} ureteral stent without hydronephrosis."
        ],
    )


def _gallstones(case: Case) -> Iterator[Study]:
    size = case.dice.randint(8, 19)
    first = case.study(
        US_ABDOMEN,
        130,
        why=f"{case.who(130)}, postprandial right upper quadrant pain for [months|half a year].",
        findings={
            "Gallbladder and bile ducts": f"Several mobile shadowing gallstones up to {mm(size)}. Wall 2 mm. No pericholecystic fluid. Common bile duct 4 mm."
        },
        impression=["Cholelithiasis without signs of cholecystitis."],
    )
    yield first
    second = case.study(
        US_ABDOMEN,
        12,
        setting=Setting.EMERGENCY,
        compare=[first],
        why="Known gallstones, fever and persistent right upper quadrant pain since yesterday, CRP #88-210# mg/L.",
        findings={
            "Gallbladder and bile ducts": f"Distended gallbladder with stones up to {mm(size)}, one impacted in the neck. Wall #5-7# mm, striated, pericholecystic fluid. Positive sonographic Murphy sign. Common bile duct #7-9# mm."
        },
        impression=[
            "Acute calculous cholecystitis.",
            "Mildly dilated common bile duct; choledocholithiasis is not excluded. MRCP is suggested.",
        ],
        critical=Critical(Category.HOURS, "acute cholecystitis"),
    )
    yield second
    stone = case.chance(0.5)
    yield case.study(
        MRCP,
        11,
        setting=Setting.INPATIENT,
        compare=[second],
        why="Acute cholecystitis with a dilated common bile duct. Choledocholithiasis?",
        findings={
            "Gallbladder and bile ducts": f"Stones and wall edema of the gallbladder. Common bile duct {'9 mm with a 5 mm filling defect in its distal third' if stone else '7 mm without filling defect'}. Intrahepatic ducts are not dilated."
        },
        impression=[
            f"Choledocholithiasis: {mm(5)} stone in the distal common bile duct. ERCP is suggested."
            if stone
            else "No choledocholithiasis.",
            "Acute cholecystitis.",
        ],
    )


def _cirrhosis(case: Case) -> Iterator[Study]:
    cause = case.one(
        "hepatitis C, sustained virologic response",
        "alcohol-related liver disease",
        "metabolic dysfunction-associated steatohepatitis",
        "hepatitis B on entecavir",
    )
    coarse = "Coarse echotexture with nodular contour. Patent portal vein with hepatopetal flow."
    spleen = f"Splenomegaly, {case.between(13.4, 15.8):.1f} cm."
    why = f"Cirrhosis ({cause}), Child-Pugh A. HCC surveillance."
    first = case.study(
        US_ABDOMEN,
        400,
        why=why,
        findings={"Liver": coarse + " No focal lesion.", "Spleen": spleen},
        impression=[
            "Cirrhosis with splenomegaly. No focal lesion: US LI-RADS 1, visualization A.",
            "Next surveillance in 6 months.",
        ],
    )
    yield first
    size = case.dice.randint(20, 28)
    segment = case.one("V", "VI", "VII", "VIII", "IVb")
    found = case.chance(0.55)
    second = case.study(
        US_ABDOMEN,
        215,
        why=why,
        compare=[first],
        findings={
            "Liver": coarse
            + (
                f" New {mm(size - 4)} hypoechoic lesion in segment {segment}."
                if found
                else " No focal lesion."
            ),
            "Spleen": spleen,
        },
        impression=[
            f"New {mm(size - 4)} lesion in segment {segment}: US LI-RADS 3, visualization A. Multiphase MR or CT is recommended."
            if found
            else "No focal lesion: US LI-RADS 1, visualization A.",
            "Unchanged cirrhosis and splenomegaly.",
        ],
    )
    yield second
    if not found:
        yield case.study(
            US_ABDOMEN,
            20,
            why=why,
            compare=[second],
            findings={"Liver": coarse + " No focal lesion.", "Spleen": spleen},
            impression=[
                "No focal lesion: US LI-RADS 1, visualization B because of steatosis and body habitus.",
                "Next surveillance in 6 months.",
            ],
        )
        return
    nodular = {
        "Vessels": "Portal and hepatic veins are patent. Small esophageal varices.",
        "Pancreas, spleen, adrenals": "Splenomegaly. Unremarkable pancreas and adrenals.",
    }
    third = case.study(
        MR_LIVER,
        195,
        compare=[second],
        why=f"Cirrhosis, new lesion in segment {segment} on ultrasound. HCC?",
        findings={
            "Liver": f"Cirrhotic morphology. {mm(size)} observation in segment {segment} with nonrim arterial phase hyperenhancement, nonperipheral washout and an enhancing capsule. Restricted diffusion. No further observation.",
            **nodular,
        },
        impression=[
            f"LI-RADS 5: {mm(size)} hepatocellular carcinoma in segment {segment}.",
            "No vascular invasion. Single lesion, within Milan criteria.",
        ],
        critical=Critical(Category.HOURS, "a new hepatocellular carcinoma"),
    )
    yield third
    yield case.study(
        MR_LIVER,
        0,
        compare=[third],
        why=f"Six months after [microwave|radiofrequency] ablation of HCC in segment {segment}.",
        findings={
            "Liver": f"Cirrhotic morphology. Ablation zone of {cm(size + 14, size + 8)} in segment {segment} covers the treated lesion, without nodular arterial enhancement or washout. No new observation.",
            **nodular,
        },
        impression=[f"LR-TR nonviable ablation zone in segment {segment}.", "No new suspicious observation."],
    )


def _colon_cancer(case: Case) -> Iterator[Study]:
    segment = case.one("sigmoid colon", "ascending colon", "cecum", "descending colon")
    a, b = case.dice.randint(28, 46), case.dice.randint(19, 30)
    base = a + b
    why = f"Cancer of the {segment}, liver metastases"
    chemo = case.one("FOLFOX and bevacizumab", "FOLFIRI and cetuximab", "CAPOX")

    def targets(first: int, second: int) -> str:
        return f"Metastases in segment VII ({mm(first)}) and segment IVa ({mm(second)})."

    first = case.study(
        CT_STAGING,
        300,
        why=f"{case.who(300)}, newly diagnosed adenocarcinoma of the {segment}. Staging.",
        findings={
            "Bowel": f"Circumferential wall thickening of the {segment} over #4-6# cm with pericolic stranding, without obstruction.",
            "Liver": targets(a, b) + " Both are hypodense with rim enhancement.",
            "Vessels and nodes": "Three pericolic nodes up to 9 mm. No retroperitoneal lymphadenopathy.",
        },
        impression=[
            f"Cancer of the {segment} with pericolic nodes and two liver metastases (cT3 cN1b cM1a).",
            f"Baseline sum of target lesions {mm(base)}.",
        ],
        critical=Critical(Category.HOURS, "colorectal cancer with liver metastases"),
    )
    yield first
    a2, b2 = round(a * 0.62), round(b * 0.58)
    change = round((base - a2 - b2) / base * 100)
    second = case.study(
        CT_STAGING,
        200,
        compare=[first],
        why=f"{why}, after four cycles of {chemo}.",
        findings={
            "Bowel": f"Residual wall thickening of the {segment}, less than before.",
            "Liver": targets(a2, b2) + " No new lesion.",
            "Vessels and nodes": "Pericolic nodes up to 6 mm.",
        },
        impression=[
            f"Partial response: sum of target lesions {mm(a2 + b2)} (baseline {mm(base)}, −{change} %).",
            "No new lesion.",
        ],
    )
    yield second
    if case.chance(0.5):
        yield case.study(
            CT_STAGING,
            15,
            compare=[first, second],
            why=f"Three months after resection of the {segment} and of two liver metastases.",
            findings={
                "Bowel": "Patent anastomosis without local recurrence.",
                "Liver": "Resection margins in segments VII and IVa without suspicious enhancement. No new lesion.",
                "Lungs": "No pulmonary nodule.",
            },
            impression=["No evidence of local recurrence or new metastasis after resection."],
        )
        return
    a3, b3 = round(a2 * 1.33), round(b2 * 1.3)
    growth = round((a3 + b3 - a2 - b2) / (a2 + b2) * 100)
    lobe = case.one("left lower lobe", "right upper lobe")
    yield case.study(
        CT_STAGING,
        0,
        compare=[first, second],
        why=f"{why}, on {chemo}. Rising CEA.",
        findings={
            "Bowel": f"Unchanged wall thickening of the {segment}.",
            "Liver": targets(a3, b3),
            "Lungs": f"New 7 mm nodule in the {lobe}.",
        },
        impression=[
            f"Progressive disease: sum of target lesions {mm(a3 + b3)} (nadir {mm(a2 + b2)}, +{growth} %).",
            f"New 7 mm nodule in the {lobe}, suspicious for metastasis.",
        ],
    )


def _diverticulitis(case: Case) -> Iterator[Study]:
    abscess = case.chance(0.3)
    size = case.dice.randint(23, 38)
    first = case.study(
        CT_ABDOMEN,
        50,
        setting=Setting.EMERGENCY,
        why=f"{case.who(50)}, left lower quadrant pain, fever and leukocytosis.",
        findings={
            "Bowel": "Wall thickening of the sigmoid colon over #5-8# cm with inflamed diverticula and pericolic fat stranding. The appendix is normal."
            + (
                f" Adjacent rim-enhancing collection of {cm(size, size - 6)} containing gas."
                if abscess
                else " No collection."
            ),
            "Peritoneum": "No free air. Trace free fluid in the left paracolic gutter.",
            "Pelvis": "The bladder is unremarkable.",
        },
        impression=[
            f"Acute sigmoid diverticulitis with a {cm(size)} pericolic abscess (modified Hinchey Ib)."
            if abscess
            else "Acute uncomplicated sigmoid diverticulitis (modified Hinchey Ia)."
        ],
    )
    yield first
    yield case.study(
        CT_ABDOMEN,
        0,
        compare=[first],
        why="Six weeks after sigmoid diverticulitis.",
        findings={
            "Bowel": "Sigmoid diverticulosis. The inflammatory change has resolved"
            + (" and the abscess is no longer seen." if abscess else ".")
            + " The appendix is normal."
        },
        impression=[
            "Resolved diverticulitis. Sigmoid diverticulosis.",
            "Colonoscopy is suggested if not done recently.",
        ],
    )


def _free_air(case: Case) -> Iterator[Study]:
    site = case.one("anterior wall of the duodenal bulb", "prepyloric antrum", "sigmoid colon")
    first = case.study(
        CR_CHEST,
        0.2,
        setting=Setting.EMERGENCY,
        why=f"{case.who()}, sudden severe abdominal pain, rigid abdomen. [Takes ibuprofen daily.|On long-term prednisolone.]",
        findings={"Free air": "Crescent of free air under both hemidiaphragms."},
        impression=["Pneumoperitoneum. Perforated hollow viscus."],
        critical=Critical(Category.MINUTES, "free intraperitoneal air"),
    )
    yield first
    yield case.study(
        CT_ABDOMEN,
        0.14,
        setting=Setting.EMERGENCY,
        compare=[first],
        why="Free air on radiograph. Site of perforation?",
        findings={
            "Bowel": f"Focal wall defect of the {site} with adjacent gas bubbles and fat stranding. The appendix is normal.",
            "Peritoneum": "Large amount of free air and a moderate amount of free fluid.",
            "Pelvis": "Free fluid in the pelvis. The bladder is unremarkable.",
        },
        impression=[f"Perforation of the {site} with pneumoperitoneum and free fluid."],
        critical=Critical(Category.MINUTES, f"perforation of the {site}"),
    )


def _obstruction(case: Case) -> Iterator[Study]:
    first = case.study(
        CT_ABDOMEN,
        3,
        setting=Setting.EMERGENCY,
        why=f"{case.who(3)}, vomiting and distension for two days. Previous [laparotomy|appendectomy|colectomy].",
        findings={
            "Bowel": "Dilated small bowel loops up to #3.4-4.6# cm with air-fluid levels and a transition point in the [right lower quadrant|mid abdomen|pelvis]; collapsed distal ileum. Bowel wall enhances normally. No closed loop.",
            "Peritoneum": "Small amount of interloop fluid. No free air.",
        },
        impression=[
            "Small bowel obstruction with a single transition point, most likely due to adhesions.",
            "No sign of ischemia or perforation.",
        ],
        critical=Critical(Category.HOURS, "small bowel obstruction"),
    )
    yield first
    yield case.study(
        CR_ABDOMEN,
        1,
        setting=Setting.INPATIENT,
        compare=[first],
        why="Small bowel obstruction, 24 hours after water-soluble contrast.",
        findings={
            "Bowel gas": "Contrast has reached the colon. Small bowel loops are less dilated, up to 3 cm."
        },
        impression=["Contrast in the colon: resolving partial small bowel obstruction."],
    )


def _pancreatic_cyst(case: Case) -> Iterator[Study]:
    part = case.one("head", "uncinate process", "body", "tail")
    size = case.dice.randint(11, 19)
    later = size + case.dice.randint(0, 2)
    text = f"cyst in the pancreatic {part}, communicating with a side branch. No mural nodule or septation. The main duct measures 2 mm."
    first = case.study(
        MRCP,
        740,
        why=f"{case.who(740)}. Incidental pancreatic cyst on CT.",
        findings={"Pancreas": f"{mm(size)} {text}"},
        impression=[
            f"{mm(size)} side-branch IPMN of the pancreatic {part} without worrisome features.",
            "MR in 12 months.",
        ],
    )
    yield first
    second = case.study(
        MRCP,
        375,
        compare=[first],
        why="Side-branch IPMN, surveillance.",
        findings={"Pancreas": f"{mm(size)} {text} Unchanged since {first.day}."},
        impression=[f"Unchanged {mm(size)} side-branch IPMN."],
    )
    yield second
    yield case.study(
        MRCP,
        0,
        compare=[first, second],
        why="Side-branch IPMN, surveillance, year two.",
        findings={"Pancreas": f"{mm(later)} {text}"},
        impression=[
            f"Side-branch IPMN of the pancreatic {part}, {mm(later)} (initially {mm(size)}), no worrisome features.",
            "MR in 24 months is suggested.",
        ],
    )


def _fatty_liver(case: Case) -> Iterator[Study]:
    yield case.study(
        US_ABDOMEN,
        0,
        why=f"{case.who()}, raised transaminases, BMI #31-38# kg/m².",
        findings={
            "Liver": "Increased echogenicity with posterior attenuation, craniocaudal #16.2-18.8# cm. No focal lesion. Hepatopetal portal flow."
        },
        impression=["Moderate hepatic steatosis. No focal lesion."],
    )


def _normal_abdomen(case: Case) -> Iterator[Study]:
    exam = case.dice.choice(
        (US_ABDOMEN, CT_ABDOMEN, US_KIDNEYS) if case.age() >= 25 else (US_ABDOMEN, US_KIDNEYS)
    )
    why = {
        US_ABDOMEN.title: "nonspecific abdominal pain",
        CT_ABDOMEN.title: "weight loss of 6 kg, no focus",
        US_KIDNEYS.title: "recurrent urinary tract infections",
    }[exam.title]
    yield case.study(
        exam,
        0,
        why=f"{case.who()}, {why}.",
        impression=[
            {US_KIDNEYS.title: "Normal ultrasound of the kidneys and bladder."}.get(
                exam.title, "[No cause of the symptoms identified.|No acute abnormality in the abdomen.]"
            )
        ],
    )


def _renal_mass(case: Case) -> Iterator[Study]:
    side = case.side
    size = case.dice.randint(24, 41)
    first = case.study(
        CT_ABDOMEN,
        380,
        why=f"{case.who(380)}, painless hematuria.",
        findings={
            "Kidneys": f"Solid enhancing mass of the {side} kidney lower pole, {cm(size, size - 4)}, predominantly exophytic. Renal vein is patent. The other kidney is normal. No hydronephrosis."
        },
        impression=[
            f"{cm(size)} enhancing mass of the {side} kidney, suspicious for renal cell carcinoma (cT1a N0 M0).",
            "Urology referral is recommended.",
        ],
        critical=Critical(Category.HOURS, f"a suspicious {side} renal mass"),
    )
    yield first
    yield case.study(
        CT_ABDOMEN,
        0,
        compare=[first],
        why=f"12 months after {side} partial nephrectomy for clear cell renal carcinoma, pT1a.",
        findings={
            "Kidneys": f"Postoperative defect of the {side} lower pole without enhancing tissue. No hydronephrosis. The other kidney is normal."
        },
        impression=["No local recurrence or metastasis."],
    )


STORIES = (
    Story(_appendix, "emergency", frozenset({"abdomen"}), 1.8, 18, 45),
    Story(_colic, "urology", frozenset({"abdomen"}), 2.5, 24, 70),
    Story(_gallstones, "surgery", frozenset({"abdomen"}), 2, 28, 78),
    Story(_cirrhosis, "abdomen", frozenset({"abdomen"}), 1.6, 45, 78),
    Story(_colon_cancer, "oncology", frozenset({"abdomen", "chest", "whole body"}), 3.5, 46, 82),
    Story(_diverticulitis, "abdomen", frozenset({"abdomen"}), 1.8, 42, 85),
    Story(_free_air, "emergency", frozenset({"abdomen", "chest"}), 0.7, 38, 86),
    Story(_obstruction, "surgery", frozenset({"abdomen"}), 1.4, 40, 88),
    Story(_pancreatic_cyst, "abdomen", frozenset({"abdomen"}), 1.3, 58, 84),
    Story(_fatty_liver, "general", frozenset({"abdomen"}), 2, 30, 68),
    Story(_normal_abdomen, "general", frozenset({"abdomen"}), 3, 12, 80),
    Story(_renal_mass, "urology", frozenset({"abdomen"}), 1.2, 50, 80),
)
SINGLES = tuple(story for story in STORIES if story.tell in (_appendix, _fatty_liver, _normal_abdomen))

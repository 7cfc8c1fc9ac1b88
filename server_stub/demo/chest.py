"""Chest: exams and stories of lungs, pleura and pulmonary vessels."""
# ruff: noqa: E501 - prose, one sentence to a line

from __future__ import annotations

from collections.abc import Iterator

from server_stub.demo.case import Case, Category, Critical, Story, Study
from server_stub.demo.exams import CT_DOSE, IODINE, Exam, Modality, Setting
from server_stub.demo.nuclear import NM_VQ, PET_CT
from server_stub.demo.vascular import US_LEG_VEINS
from server_stub.demo.wording import mm

_HEART = (
    "[The cardiomediastinal silhouette is {60: within normal limits for age // within normal limits}."
    "|Heart size is normal. Mediastinal contours are unremarkable.|The heart is not enlarged and the mediastinal contours are normal.]"
)
CR_CHEST = Exam(
    "XR chest, 2 views",
    Modality.CR,
    "CHEST",
    "[PA and lateral views of the chest.|Upright PA and lateral chest radiographs.]",
    {
        "Lines and tubes": "",
        "Lungs": "[The lungs are clear.|The lungs are well inflated and clear.|No focal consolidation, edema or mass.]",
        "Pleura": "[No pleural effusion or pneumothorax.|The costophrenic angles are sharp. There is no pneumothorax.]",
        "Heart and mediastinum": _HEART,
        "Bones": "[No acute osseous abnormality.{60:  Mild degenerative changes of the thoracic spine. // }"
        "|The visualized osseous structures are {60: unremarkable for age // unremarkable}.]",
    },
    ("36643-5", "XR Chest 2 Views"),
)
CR_PORTABLE = Exam(
    "XR chest, portable AP",
    Modality.CR,
    "CHEST",
    "[Single portable AP view of the chest, semi-erect.|Portable AP radiograph, supine.]",
    CR_CHEST.normal,
    ("30746-2", "Portable XR Chest Views"),
)
_CT_ORGANS = {
    "Lungs and airways": "[The lungs are clear. The central airways are patent.|No consolidation, nodule or ground-glass opacity. Airways are patent to the segmental level.]",
    "Pleura": "[No pleural effusion or pneumothorax.|The pleural spaces are clear.]",
    "Mediastinum and hila": "[No enlarged mediastinal or hilar lymph nodes.|No mediastinal, hilar or axillary lymphadenopathy by size criteria.]",
    "Heart and great vessels": "[Heart size is normal. No pericardial effusion. The thoracic aorta is normal in caliber{60:  with mild atherosclerotic calcification // }."
    "|The heart is normal in size, without pericardial effusion. The thoracic aorta is normal in caliber{60:  with mild atherosclerotic calcification // }.]",
    "Upper abdomen": "[The included upper abdomen is unremarkable.|Limited views of the upper abdomen show no acute abnormality.]",
    "Bones and soft tissues": "[No suspicious osseous lesion.|No aggressive osseous lesion.] {60: Multilevel degenerative changes of the thoracic spine. // }",
}
CT_CHEST = Exam(
    "CT chest without contrast",
    Modality.CT,
    "CHEST",
    f"[Volumetric CT of the chest without intravenous contrast, reconstructed at 1 mm.|Unenhanced helical CT of the chest with coronal and sagittal reformats.] {CT_DOSE}",
    _CT_ORGANS,
    ("29252-4", "CT Chest WO contrast"),
)
CT_CHEST_IV = Exam(
    "CT chest with contrast",
    Modality.CT,
    "CHEST",
    f"[Helical CT of the chest in the portal venous phase.|CT of the chest with multiplanar reformats.] {IODINE} {CT_DOSE}",
    _CT_ORGANS,
    ("24628-0", "CT Chest W contrast IV"),
)
CT_SCREENING = Exam(
    "CT chest, low-dose lung cancer screening",
    Modality.CT,
    "CHEST",
    "Low-dose helical CT of the chest without contrast, 1 mm reconstructions, maximum intensity projections. CTDIvol #1.2-2.4# mGy, DLP #42-88# mGy·cm.",
    {
        "Nodules": "No pulmonary nodule of 4 mm or more.",
        "Lungs and airways": "[Mild upper lobe predominant centrilobular emphysema.|Mild paraseptal and centrilobular emphysema. Mild diffuse bronchial wall thickening.]",
        **{organ: text for organ, text in _CT_ORGANS.items() if organ != "Lungs and airways"},
    },
)
CTA_PE = Exam(
    "CT pulmonary angiogram",
    Modality.CT,
    "CHEST",
    f"[Bolus-tracked CT angiography of the pulmonary arteries, 0.75 mm sections with MIP reformats.|CT pulmonary angiography with bolus tracking on the main pulmonary artery.] {IODINE} [Opacification is diagnostic to the subsegmental level. |]{CT_DOSE}",
    {
        "Pulmonary arteries": "[Good opacification of the pulmonary arteries. No filling defect to the subsegmental level.|No pulmonary embolism. The main pulmonary artery is normal in caliber.]",
        "Right heart": "[No sign of right heart strain.|The RV/LV ratio is below 1.]",
        **{organ: text for organ, text in _CT_ORGANS.items() if organ != "Heart and great vessels"},
        "Aorta": "[The thoracic aorta is normal in caliber, without dissection.|No aortic aneurysm or dissection.]",
    },
)
CT_HRCT = Exam(
    "CT chest, high resolution",
    Modality.CT,
    "CHEST",
    f"Volumetric thin-section CT in inspiration, prone and expiratory acquisitions. No contrast. {CT_DOSE}",
    _CT_ORGANS,
    ("29252-4", "CT Chest WO contrast"),
)
US_CHEST = Exam(
    "US chest, pleural",
    Modality.US,
    "CHEST",
    "Targeted grayscale ultrasound of both pleural spaces, patient seated.",
    {
        "Pleura": "[No pleural effusion on either side.|Both pleural spaces are free of fluid, with normal lung sliding.]"
    },
)

_LOBES = ("right upper lobe", "right middle lobe", "right lower lobe", "left upper lobe", "left lower lobe")


def _pneumonia(case: Case) -> Iterator[Study]:
    lobe = case.one(*_LOBES)
    side = lobe.split()[0]
    span = case.one("42", "49", "56")
    days = float(span)
    symptom = case.one(
        "fever and productive cough for three days",
        "cough, fever and pleuritic chest pain",
        "fever, rigors and CRP 214 mg/L",
    )
    effusion = case.chance(0.4)
    first = case.study(
        CR_CHEST,
        days,
        setting=Setting.EMERGENCY,
        why=f"{case.who(days)} with {symptom}. [?Pneumonia.|Pneumonia?|Query consolidation.]",
        findings={
            "Lungs": f"[Airspace consolidation with air bronchograms in the {lobe}.|Dense consolidation in the {lobe} with air bronchograms.] [The remaining lungs are clear.|The other lobes are clear.]",
            "Pleura": f"Small {side} parapneumonic effusion. No pneumothorax."
            if effusion
            else "No pleural effusion or pneumothorax.",
        },
        impression=[
            f"[{lobe.capitalize()} pneumonia|{lobe.capitalize()} consolidation, consistent with pneumonia]{', with a small parapneumonic effusion' if effusion else ''}.",
            "Follow-up radiograph in 6 weeks is [suggested|recommended] to document resolution.",
        ],
    )
    yield first
    priors = [first]
    if case.chance(0.5):
        second = case.study(
            CR_PORTABLE,
            days - 3,
            setting=Setting.INPATIENT,
            compare=[first],
            why=f"{lobe.capitalize()} pneumonia on intravenous antibiotics, day 3. Persistent fever.",
            findings={
                "Lungs": f"Consolidation in the {lobe} is [slightly less dense than|little changed since] {first.day}. No new opacity. No cavitation.",
                "Pleura": f"[Small {side} effusion, unchanged.|The small {side} effusion has not enlarged.] No pneumothorax."
                if effusion
                else "No effusion or pneumothorax.",
            },
            impression=[
                f"[No progression of {lobe} pneumonia|{lobe.capitalize()} pneumonia without progression]. [No cavitation or empyema|No new complication]."
            ],
        )
        yield second
        priors.insert(0, second)
    cleared = case.chance(0.85)
    yield case.study(
        CR_CHEST,
        0,
        compare=priors[::-1],
        why=f"Follow-up of {lobe} pneumonia. Now asymptomatic.",
        findings={
            "Lungs": f"[The {lobe} consolidation seen on {first.day} has resolved.|Complete clearing of the {lobe} consolidation.] No residual opacity or mass."
            if cleared
            else f"Near-complete clearing of the {lobe} consolidation. Minor linear scarring remains.",
        },
        impression=[
            f"[Resolved|Interval resolution of] {lobe} pneumonia."
            if cleared
            else f"Near-complete resolution of {lobe} pneumonia with minor residual scarring. No underlying mass."
        ],
    )


def _screening(case: Case) -> Iterator[Study]:
    packs = case.dice.randint(24, 60)
    habit = case.one("current smoker", f"former smoker, quit in {case.end.year - case.dice.randint(5, 11)}")
    lungs = {
        "Lungs and airways": case.one(
            "Mild upper lobe predominant centrilobular emphysema.",
            "Mild paraseptal and centrilobular emphysema with mild diffuse bronchial wall thickening.",
        )
    }

    def why(before: float) -> str:
        return f"Lung cancer screening. {case.who(before)}, {packs} pack-years, {habit}. [Asymptomatic.|No symptoms.]"

    lobe = case.one(*_LOBES)
    solid = case.dice.randint(4, 5)
    found = f"Solid {mm(solid)} nodule in the {lobe}, [smooth|well-defined]."
    first = case.study(
        CT_SCREENING,
        760,
        why=why(760),
        findings={**lungs, "Nodules": found + " No other nodule."},
        comparison="None. Baseline screening.",
        impression=[
            "Lung-RADS 2: benign appearance. " + f"{mm(solid)} solid nodule in the {lobe}.",
            "Continue annual low-dose CT in 12 months.",
            "Mild emphysema.",
        ],
    )
    yield first
    second = case.study(
        CT_SCREENING,
        390,
        why=why(390),
        compare=[first],
        findings={
            **lungs,
            "Nodules": f"The {mm(solid)} solid nodule in the {lobe} is unchanged since {first.day}. No new nodule.",
        },
        impression=[
            f"Lung-RADS 2: stable {mm(solid)} nodule in the {lobe}.",
            "Continue annual screening.",
            "Mild emphysema.",
        ],
    )
    yield second
    if case.chance(0.5):
        yield case.study(
            CT_SCREENING,
            20,
            why=why(20),
            compare=[first, second],
            findings={
                "Nodules": f"The {mm(solid)} solid nodule in the {lobe} remains stable over two years. No new nodule."
            },
            impression=[
                f"Lung-RADS 2: {mm(solid)} nodule in the {lobe}, stable since {first.day}.",
                "Annual low-dose CT in 12 months.",
                "Mild emphysema.",
            ],
        )
        return
    grown = solid + case.dice.randint(4, 6)
    third = case.study(
        CT_SCREENING,
        34,
        why=why(34),
        compare=[first, second],
        findings={
            **lungs,
            "Nodules": f"The nodule in the {lobe} has grown from {mm(solid)} to {mm(grown)} since {second.day} and now has [spiculated|lobulated] margins. No other nodule.",
        },
        impression=[
            f"Lung-RADS 4B: growing {mm(grown)} solid nodule in the {lobe}, suspicious for primary lung cancer.",
            "PET/CT and referral to the lung cancer clinic are recommended.",
            "Mild emphysema.",
        ],
        critical=Critical(Category.HOURS, f"a growing suspicious nodule in the {lobe}"),
    )
    yield third
    suv = f"{case.between(4.2, 9.8):.1f}"
    yield case.study(
        PET_CT,
        9,
        compare=[third],
        why=f"Growing {mm(grown)} nodule in the {lobe}. Staging.",
        findings={
            "Chest": f"The {mm(grown)} nodule in the {lobe} is FDG-avid, SUVmax {suv}. No FDG-avid hilar or mediastinal lymph node. Mild emphysema."
        },
        impression=[
            f"FDG-avid {mm(grown)} nodule in the {lobe} (SUVmax {suv}), highly suspicious for primary lung cancer.",
            "No evidence of nodal or distant metastasis. [Clinical stage IA (T1bN0M0)|T1b N0 M0 by imaging]."
            if grown > 10
            else "No evidence of nodal or distant metastasis. T1a N0 M0 by imaging.",
        ],
    )


def _incidental_nodule(case: Case) -> Iterator[Study]:
    lobe = case.one(*_LOBES)
    size = case.dice.randint(6, 8)
    first = case.study(
        CT_CHEST,
        560,
        why=f"{case.who(560)}. Nodular opacity in the {lobe} on radiograph made for [chronic cough|a work permit|pre-operative assessment].",
        findings={
            "Lungs and airways": f"[Well-defined|Smooth] {mm(size)} solid nodule in the {lobe}, without calcification. The lungs are otherwise clear."
        },
        impression=[
            f"Solitary {mm(size)} solid nodule in the {lobe}, indeterminate.",
            "CT in 6–12 months is recommended (Fleischner Society 2017).",
        ],
    )
    yield first
    second = case.study(
        CT_CHEST,
        300,
        compare=[first],
        why=f"Follow-up of a {mm(size)} nodule in the {lobe}.",
        findings={
            "Lungs and airways": f"The solid nodule in the {lobe} measures {mm(size)}, unchanged since {first.day}. No new nodule."
        },
        impression=[
            f"{mm(size)} nodule in the {lobe}, unchanged over 9 months.",
            "A final CT at 18–24 months is suggested in a high-risk patient.",
        ],
    )
    yield second
    yield case.study(
        CT_CHEST,
        0,
        compare=[first, second],
        why=f"Final follow-up of a {mm(size)} pulmonary nodule.",
        findings={
            "Lungs and airways": f"The {mm(size)} nodule in the {lobe} is unchanged since {first.day}. The lungs are otherwise clear."
        },
        impression=[
            f"{mm(size)} nodule in the {lobe}, stable over 18 months, [consistent with a benign nodule|most likely an intrapulmonary lymph node or granuloma]. No further follow-up is needed."
        ],
    )


def _heart_failure(case: Case) -> Iterator[Study]:
    first = case.study(
        CR_PORTABLE,
        4,
        setting=Setting.EMERGENCY,
        why=f"{case.who(4)} with acute dyspnea and orthopnea. NT-proBNP #4200-14800# ng/L. [Known ischemic cardiomyopathy.|Known heart failure with reduced ejection fraction.]",
        findings={
            "Lungs": "[Perihilar airspace opacities with interlobular septal lines and peribronchial cuffing.|Bilateral perihilar haze, Kerley B lines and vascular redistribution.]",
            "Pleura": "[Small bilateral pleural effusions.|Bilateral effusions, small.] No pneumothorax.",
            "Heart and mediastinum": "[The heart is enlarged.|Cardiomegaly.] The vascular pedicle is widened.",
        },
        impression=[
            "[Cardiogenic pulmonary edema with small bilateral effusions.|Decompensated heart failure: pulmonary edema and small bilateral effusions.]"
        ],
    )
    yield first
    second = case.study(
        CR_PORTABLE,
        2,
        setting=Setting.INPATIENT,
        compare=[first],
        why="Heart failure on intravenous diuretics. Interval change?",
        findings={
            "Lungs": f"Perihilar opacities have partly cleared since {first.day}. Mild interstitial edema remains.",
            "Pleura": "Small bilateral effusions, decreased. No pneumothorax.",
            "Heart and mediastinum": "Cardiomegaly, unchanged.",
        },
        impression=["Improving pulmonary edema; residual small bilateral effusions."],
    )
    yield second
    yield case.study(
        CR_CHEST,
        0,
        setting=Setting.INPATIENT,
        compare=[first, second],
        why="Heart failure, before discharge.",
        findings={
            "Lungs": "Pulmonary edema has resolved. No consolidation.",
            "Pleura": "[Blunting of both costophrenic angles by trace residual fluid.|The effusions have resolved.] No pneumothorax.",
            "Heart and mediastinum": "The heart remains enlarged.",
        },
        impression=["Resolved pulmonary edema. Stable cardiomegaly."],
    )


def _pneumothorax(case: Case) -> Iterator[Study]:
    side = case.side
    tension = case.chance(0.4)
    first = case.study(
        CR_CHEST if not tension else CR_PORTABLE,
        34,
        setting=Setting.EMERGENCY,
        why=f"{case.who(34)} with sudden {side} chest pain and [dyspnea|shortness of breath]{', SpO2 84 %, BP 85/50 mmHg' if tension else ''}.",
        findings={
            "Lungs": f"{'Complete collapse of the ' + side + ' lung.' if tension else 'The ' + side + ' lung is partly collapsed.'} The opposite lung is clear.",
            "Pleura": (
                f"Large {side} pneumothorax with flattening of the ipsilateral hemidiaphragm."
                if tension
                else f"{side.capitalize()} apical pneumothorax, {case.dice.randint(22, 38)} mm at the apex."
            )
            + " No effusion.",
            "Heart and mediastinum": "The trachea and mediastinum are displaced to the opposite side."
            if tension
            else "The mediastinum is midline. The heart is not enlarged.",
        },
        impression=[
            f"Tension {side} pneumothorax with mediastinal shift. Immediate decompression is required."
            if tension
            else f"Moderate {side} pneumothorax without mediastinal shift."
        ],
        critical=Critical(Category.MINUTES, f"tension {side} pneumothorax")
        if tension
        else Critical(Category.HOURS, f"{side} pneumothorax"),
    )
    yield first
    second = case.study(
        CR_PORTABLE,
        33.9,
        setting=Setting.EMERGENCY,
        compare=[first],
        why=f"After {side} chest drain.",
        findings={
            "Lines and tubes": f"{side.capitalize()} chest drain with its tip directed to the apex.",
            "Lungs": f"The {side} lung has re-expanded. No consolidation.",
            "Pleura": f"[Trace residual {side} apical pneumothorax.|Tiny residual {side} apical pneumothorax, under 5 mm.]",
            "Heart and mediastinum": "The mediastinum is midline.",
        },
        impression=[
            f"{side.capitalize()} chest drain in satisfactory position with re-expansion of the lung. Trace residual pneumothorax."
        ],
    )
    yield second
    third = case.study(
        CR_CHEST,
        29,
        setting=Setting.INPATIENT,
        compare=[second],
        why=f"After removal of the {side} chest drain.",
        findings={"Pleura": "No residual pneumothorax. No effusion."},
        impression=["No recurrent pneumothorax after drain removal."],
    )
    yield third
    yield case.study(
        CR_CHEST,
        0,
        compare=[first, third],
        why=f"Follow-up 4 weeks after {side} spontaneous pneumothorax.",
        impression=["Normal chest radiograph. No recurrent pneumothorax."],
    )


def _embolism(case: Case) -> Iterator[Study]:
    saddle = case.chance(0.25)
    strain = saddle or case.chance(0.35)
    side = case.side
    where = (
        "Saddle embolus across the main pulmonary artery bifurcation, extending into the lobar arteries of both lungs"
        if saddle
        else (
            f"Filling defects in the {side} main and lower lobe pulmonary arteries"
            if strain
            else f"Filling defects in segmental arteries of the {side} lower lobe"
        )
    )
    ratio = f"{case.between(1.2, 1.7):.1f}"
    first = case.study(
        CTA_PE,
        190,
        setting=Setting.EMERGENCY,
        why=f"{case.who(190)} with [sudden dyspnea|pleuritic chest pain and dyspnea|tachycardia and syncope], D-dimer #1900-9800# ng/mL. [Recent long-haul flight.|Immobilized after surgery three weeks ago.|No risk factors known.]",
        findings={
            "Pulmonary arteries": f"{where}, consistent with acute pulmonary embolism.",
            "Right heart": f"RV/LV ratio {ratio} with flattening of the interventricular septum."
            if strain
            else "No sign of right heart strain; RV/LV ratio 0.8.",
            "Lungs and airways": f"[Small peripheral wedge-shaped opacity in the {side} lower lobe, in keeping with infarction.|Subsegmental atelectasis at the {side} base. No consolidation.]",
        },
        impression=[
            f"Acute {'saddle ' if saddle else ''}pulmonary embolism{' with signs of right heart strain' if strain else ''}{'.' if saddle else f', {side}-sided. No central or saddle embolus.' if not strain else f', {side} main pulmonary artery.'}",
            "No sign of right heart strain."
            if not strain
            else "Correlation with troponin and echocardiography.",
        ],
        critical=Critical(Category.MINUTES, "acute pulmonary embolism"),
    )
    yield first
    leg = case.side
    dvt = case.chance(0.6)
    second = case.study(
        US_LEG_VEINS,
        189.5,
        setting=Setting.INPATIENT,
        side=leg,
        compare=[first],
        why=f"Pulmonary embolism. {leg.capitalize()} calf swelling. DVT?",
        findings={
            "Deep veins": f"[Non-compressible {leg} popliteal vein with intraluminal echogenic thrombus and absent flow.|Occlusive thrombus in the {leg} popliteal vein, extending into the peroneal veins.] The common femoral and femoral veins are compressible."
        }
        if dvt
        else None,
        impression=[
            f"Acute {leg} popliteal deep vein thrombosis."
            if dvt
            else f"No deep vein thrombosis in the {leg} leg."
        ],
    )
    yield second
    yield case.study(
        NM_VQ,
        0,
        compare=[first],
        why="6 months after pulmonary embolism, [persistent exertional dyspnea|residual dyspnea]. CTEPH?",
        impression=["Normal ventilation and perfusion. No evidence of chronic thromboembolic disease."],
    )


def _no_embolism(case: Case) -> Iterator[Study]:
    yield case.study(
        CTA_PE,
        0,
        setting=Setting.EMERGENCY,
        why=f"{case.who()} with [pleuritic chest pain|dyspnea and tachycardia], D-dimer #620-1800# ng/mL. PE?",
        findings={
            "Lungs and airways": "[Dependent atelectasis at both bases. No consolidation.|Mild bibasal atelectasis. The lungs are otherwise clear.]"
        },
        impression=[
            "No pulmonary embolism.",
            "[Minor bibasal atelectasis; no other cause of the symptoms identified.|No acute aortic abnormality. Minor dependent atelectasis.]",
        ],
    )


def _fibrosis(case: Case) -> Iterator[Study]:
    prone = "Subpleural, basal predominant reticulation with traction bronchiectasis and honeycombing"
    first = case.study(
        CT_HRCT,
        760,
        why=f"{case.who(760)} with progressive exertional dyspnea and [bibasal crackles|finger clubbing]. DLCO #48-62# % predicted. ILD?",
        findings={
            "Lungs and airways": f"{prone}, mild in extent, involving less than 10 % of the lungs. No ground-glass predominance, no air trapping.",
            "Mediastinum and hila": "[Mildly prominent mediastinal nodes up to 11 mm, commonly seen in interstitial lung disease.|No enlarged nodes.]",
        },
        impression=[
            "Fibrotic interstitial lung disease with a UIP pattern (ATS/ERS/JRS/ALAT 2022).",
            "Discussion at the ILD conference is suggested.",
        ],
    )
    yield first
    second = case.study(
        CT_HRCT,
        380,
        compare=[first],
        why="UIP, on [nintedanib|pirfenidone]. FVC decline of #4-7# % over the past year.",
        findings={
            "Lungs and airways": f"{prone}, slightly increased in the lower lobes since {first.day}. No ground-glass opacity to suggest acute exacerbation. No suspicious nodule."
        },
        impression=[
            "UIP with mild progression since the prior study. No superimposed infection or acute exacerbation."
        ],
    )
    yield second
    yield case.study(
        CT_HRCT,
        0,
        compare=[first, second],
        why="UIP on antifibrotic treatment, annual review.",
        findings={
            "Lungs and airways": f"{prone}, not clearly changed since {second.day}. No suspicious nodule."
        },
        impression=["UIP, stable over the past year.", "No complication."],
    )


def _intensive_care(case: Case) -> Iterator[Study]:
    side = case.side
    depth = case.dice.randint(3, 6)
    reason = case.one(
        "septic shock",
        "severe pancreatitis",
        "cardiac arrest with return of circulation",
        "community-acquired pneumonia with respiratory failure",
    )
    first = case.study(
        CR_PORTABLE,
        5,
        setting=Setting.INPATIENT,
        why=f"{case.who(5)} in intensive care with {reason}. After intubation and central line.",
        findings={
            "Lines and tubes": f"Endotracheal tube tip {depth} cm above the carina. {side.capitalize()} internal jugular central venous catheter with its tip at the cavoatrial junction. Nasogastric tube tip projects over the stomach.",
            "Lungs": "[Low lung volumes with bibasal atelectasis.|Patchy bilateral airspace opacities.]",
        },
        impression=[
            "Endotracheal tube, central venous catheter and nasogastric tube in satisfactory position. No pneumothorax."
        ],
    )
    yield first
    second = case.study(
        CR_PORTABLE,
        3,
        setting=Setting.INPATIENT,
        compare=[first],
        why="Rising oxygen requirement.",
        findings={
            "Lines and tubes": "Endotracheal tube, central venous catheter and nasogastric tube, unchanged.",
            "Lungs": f"[Diffuse bilateral airspace opacities, increased since {first.day}.|Progression of bilateral, mainly dependent airspace opacities.]",
        },
        impression=[
            "Progressive bilateral airspace disease; differential includes ARDS, edema and infection."
        ],
    )
    yield second
    yield case.study(
        CR_PORTABLE,
        0,
        setting=Setting.INPATIENT,
        compare=[second, first],
        why="Ventilated, improving gas exchange. Daily film.",
        findings={
            "Lines and tubes": f"Endotracheal tube {depth} cm above the carina. {side.capitalize()} internal jugular catheter and nasogastric tube unchanged.",
            "Lungs": f"Bilateral airspace opacities have improved since {second.day}.",
        },
        impression=[
            "Improving bilateral airspace disease. Support devices unchanged and in satisfactory position."
        ],
    )


def _normal_chest(case: Case) -> Iterator[Study]:
    yield case.study(
        CR_CHEST,
        0,
        why=f"{case.who()}. "
        + case.one(
            "Pre-operative assessment.",
            "Cough for four weeks.",
            "Before starting biologic treatment. Latent tuberculosis?",
            "Atypical chest pain.",
            "Positive interferon-gamma release assay, no symptoms.",
        ),
        impression=[
            case.one(
                "No acute cardiopulmonary abnormality.",
                "Normal chest radiograph.",
                "No active disease in the chest.",
            )
        ],
    )


def _ribs(case: Case) -> Iterator[Study]:
    side = case.side
    rib = case.dice.randint(5, 8)
    yield case.study(
        CR_CHEST,
        0,
        setting=Setting.EMERGENCY,
        why=f"{case.who()}, fall [on the stairs|from a bicycle] onto the {side} chest. Focal tenderness.",
        findings={
            "Bones": f"Minimally displaced fractures of the {side} {rib}th and {rib + 1}th ribs laterally."
        },
        impression=[f"Fractures of the {side} {rib}th and {rib + 1}th ribs. No pneumothorax or hemothorax."],
    )


def _sarcoid(case: Case) -> Iterator[Study]:
    first = case.study(
        CT_CHEST_IV,
        420,
        why=f"{case.who(420)} with [erythema nodosum and arthralgia|dry cough and uveitis]. Bilateral hilar enlargement on radiograph.",
        findings={
            "Mediastinum and hila": "Symmetric bilateral hilar and [right paratracheal|subcarinal] lymphadenopathy, nodes up to #16-24# mm in short axis, without necrosis or calcification.",
            "Lungs and airways": "Fine perilymphatic nodules with upper and mid-zone predominance, along fissures and bronchovascular bundles.",
        },
        impression=[
            "Symmetric hilar and mediastinal lymphadenopathy with perilymphatic nodules, typical of sarcoidosis (stage II).",
            "Lymphoma is considered much less likely.",
        ],
    )
    yield first
    yield case.study(
        CT_CHEST,
        0,
        compare=[first],
        why="Sarcoidosis, after 12 months of [prednisolone|methotrexate].",
        findings={
            "Mediastinum and hila": f"Hilar and mediastinal nodes have decreased since {first.day}, now up to #8-11# mm.",
            "Lungs and airways": "Perilymphatic nodules have largely cleared. No fibrosis.",
        },
        impression=["Good response: near-complete regression of lymphadenopathy and perilymphatic nodules."],
    )


STORIES = (
    Story(_pneumonia, "general", frozenset({"chest"}), 5, 18, 92),
    Story(_screening, "chest", frozenset({"chest", "whole body"}), 3, 55, 79),
    Story(_incidental_nodule, "chest", frozenset({"chest"}), 3, 40, 85),
    Story(_heart_failure, "heart", frozenset({"chest"}), 3, 60, 95),
    Story(_pneumothorax, "emergency", frozenset({"chest"}), 1.6, 18, 45),
    Story(_embolism, "general", frozenset({"chest", "leg veins"}), 2, 25, 88),
    Story(_no_embolism, "emergency", frozenset({"chest"}), 1.5, 20, 88),
    Story(_fibrosis, "chest", frozenset({"chest"}), 1.3, 58, 86),
    Story(_intensive_care, "general", frozenset({"chest"}), 1.5, 30, 90),
    Story(_normal_chest, "general", frozenset({"chest"}), 5, 6, 95),
    Story(_ribs, "emergency", frozenset({"chest"}), 1.5, 30, 92),
    Story(_sarcoid, "chest", frozenset({"chest"}), 1, 25, 60),
)
SINGLES = tuple(story for story in STORIES if story.tell in (_no_embolism, _normal_chest, _ribs))

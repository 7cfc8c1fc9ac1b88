"""Head and spine: exams and stories of brain, cord and nerve roots."""
# ruff: noqa: E501 - prose, one sentence to a line

from __future__ import annotations

from collections.abc import Iterator

from server_stub.demo.case import Case, Category, Critical, Story, Study
from server_stub.demo.exams import GADOLINIUM, IODINE, Exam, Modality, Setting
from server_stub.demo.wording import cm, mm

CT_HEAD = Exam(
    "CT head without contrast",
    Modality.CT,
    "HEAD",
    "[Unenhanced CT of the head with multiplanar reformats, DLP #720-980# mGy·cm.|Axial CT of the head without contrast, coronal and sagittal reformats. CTDIvol #42-54# mGy.]",
    {
        "Hemorrhage": "[No acute intracranial hemorrhage.|No intra- or extra-axial hemorrhage.]",
        "Parenchyma": "[Gray-white differentiation is preserved.|No loss of gray-white differentiation.] {65: [Mild periventricular hypoattenuation, in keeping with chronic small vessel disease.|Mild chronic small vessel ischemic change.] // No mass.}",
        "Ventricles and midline": "[Ventricles and sulci are {70: mildly prominent in keeping with age // normal in size}. No midline shift.|{70: Age-related involutional change // Normal ventricular size}. The basal cisterns are patent.]",
        "Bones and sinuses": "[The calvarium is intact. Paranasal sinuses and mastoid air cells are clear.|No fracture. The visualized sinuses and mastoids are clear.]",
    },
    ("30799-1", "CT Head WO contrast"),
)
CTA_HEAD_NECK = Exam(
    "CT angiogram head and neck",
    Modality.CT,
    "HEAD",
    f"CT angiography from the aortic arch to the vertex with MIP reformats. {IODINE}",
    {
        "Aortic arch and neck": "[Conventional arch anatomy. {60: Calcified plaque at both carotid bifurcations without significant stenosis. // Carotid and vertebral arteries are patent without stenosis or dissection.}]",
        "Intracranial arteries": "[No large vessel occlusion, aneurysm or significant stenosis.|The circle of Willis is patent. No occlusion or aneurysm.]",
        "Other": "[The lung apices are clear.|No suspicious cervical lymph node.]",
    },
)
_BRAIN = {
    "Diffusion": "[No restricted diffusion to suggest acute infarction.|No diffusion restriction.]",
    "Parenchyma": "[No mass or abnormal signal. {55: A few nonspecific white matter T2 hyperintensities, within the expected range for age. // }|Brain parenchyma is {65: unremarkable for age // unremarkable}.]",
    "Hemorrhage": "[No blood products on susceptibility-weighted images.|No microhemorrhage.]",
    "Ventricles and extra-axial spaces": "[Ventricles are normal in size and position.|No hydrocephalus or extra-axial collection.]",
    "Vessels": "[Normal flow voids of the major intracranial vessels.|Flow voids at the skull base are preserved.]",
    "Orbits, sinuses and mastoids": "[Orbits, sinuses and mastoids are unremarkable.|Orbits are normal. Minor mucosal thickening of the ethmoid cells.|Clear paranasal sinuses and mastoids.]",
}
MR_BRAIN = Exam(
    "MR brain without contrast",
    Modality.MR,
    "BRAIN",
    "[3 T. Sagittal 3D T1, axial T2, 3D FLAIR, DWI with ADC and SWI.|1.5 T. Sagittal T1, axial T2, FLAIR, DWI and SWI.]",
    _BRAIN,
    ("30657-1", "MR Brain WO contrast"),
)
MR_BRAIN_IV = Exam(
    "MR brain with and without contrast",
    Modality.MR,
    "BRAIN",
    f"[3 T. 3D T1 before and after contrast, 3D FLAIR, axial T2, DWI, SWI.|1.5 T. T1, T2, FLAIR, DWI, SWI; 3D T1 after contrast.] {GADOLINIUM}",
    {
        **_BRAIN,
        "Enhancement": "[No abnormal enhancement.|No pathologic parenchymal or meningeal enhancement.]",
    },
    ("24587-8", "MR Brain WO and W contrast IV"),
)
MR_LUMBAR = Exam(
    "MR lumbar spine without contrast",
    Modality.MR,
    "LSPINE",
    "[Sagittal T1, T2 and STIR, axial T2 from L1 to S1, 1.5 T.|3 T. Sagittal T1 and T2 Dixon, axial T2 through the lower discs.]",
    {
        "Alignment": "[Normal lordosis. Vertebral body heights are maintained.|Alignment is anatomic. No vertebral body height loss.]",
        "Marrow": "[No marrow-replacing lesion.|Marrow signal is normal.]",
        "Conus": "[The conus ends at L1 and is normal.|Conus medullaris at L1-L2, normal in signal.]",
        "L1-L2 to L3-L4": "[No significant disc bulge. Canal and foramina are patent.|Mild disc desiccation without stenosis.]",
        "L4-L5": "[Mild disc bulge without neural compression.|Mild facet arthropathy. No stenosis.]",
        "L5-S1": "[No herniation. Foramina are patent.|Mild disc desiccation without neural compression.]",
        "Soft tissues": "[Paraspinal soft tissues are unremarkable.|No paravertebral abnormality.]",
    },
    ("30679-5", "MR Lumbar spine WO contrast"),
)
MR_SPINE_URGENT = Exam(
    "MR whole spine with and without contrast",
    Modality.MR,
    "SPINE",
    f"Sagittal T1, T2 and STIR of the whole spine, axial T2 at levels of interest, T1 Dixon after contrast. {GADOLINIUM}",
    {
        "Alignment": "Alignment is maintained.",
        "Cord": "The cord is normal in caliber and signal.",
        "Soft tissues": "No epidural collection.",
    },
)
CR_LUMBAR = Exam(
    "XR lumbar spine, 2 views",
    Modality.CR,
    "LSPINE",
    "[AP and lateral views.|AP and lateral lumbar spine, standing.]",
    {
        "Alignment": "[Five lumbar-type vertebrae in normal alignment.|Normal lordosis, no listhesis.]",
        "Bones": "[Vertebral body heights are maintained. No fracture.|No compression deformity. {50: Anterior osteophytes at several levels. // Pedicles are intact.}]",
        "Discs": "[{50: Mild disc space narrowing at L4-L5 and L5-S1. // Disc heights are preserved.}]",
    },
    ("24970-6", "XR Lumbar spine AP and Lateral"),
)
CT_CSPINE = Exam(
    "CT cervical spine without contrast",
    Modality.CT,
    "CSPINE",
    "[Thin-section CT from skull base to T1 with coronal and sagittal reformats, DLP #280-420# mGy·cm.]",
    {
        "Alignment": "[Normal alignment of the cervical spine and craniocervical junction.|No subluxation. The atlantodental interval is normal.]",
        "Bones": "[No acute fracture.|No fracture of vertebral bodies or posterior elements. {55: Spondylosis, most marked at C5-C6. // }]",
        "Soft tissues": "[No prevertebral swelling.|Prevertebral soft tissues are normal.]",
    },
    ("30592-0", "CT Cervical spine WO contrast"),
)
CT_SINUS = Exam(
    "CT paranasal sinuses",
    Modality.CT,
    "SINUS",
    "Low-dose cone-beam CT of the paranasal sinuses, DLP #40-80# mGy·cm.",
    {
        "Sinuses": "[The paranasal sinuses are clear.]",
        "Ostiomeatal units": "Both ostiomeatal units are patent.",
        "Nasal cavity": "[Mild septal deviation to one side with a small spur.|The nasal septum is midline.]",
        "Bones": "No bone destruction. The skull base and orbits are intact.",
    },
    ("30588-8", "CT Sinuses"),
)
XA_THROMBECTOMY = Exam(
    "XA cerebral angiogram and thrombectomy",
    Modality.XA,
    "HEAD",
    "General anesthesia. Right femoral access, 8 Fr balloon guide catheter. Aspiration and stent retriever. Fluoroscopy time #14-38# min, air kerma #380-760# mGy. Iohexol 300, [60|80|100] mL.",
    {
        "Complications": "No complications, no vessel perforation on completion angiogram. Cone-beam CT shows no hemorrhage.",
        "Access and closure": "Closure device in the groin.",
    },
)


def _stroke(case: Case) -> Iterator[Study]:
    side = case.side
    body = {"left": "right", "right": "left"}[side]
    hours = case.dice.randint(1, 4)
    aspects = case.dice.randint(8, 9)
    who = case.who(4)
    first = case.study(
        CT_HEAD,
        4,
        setting=Setting.EMERGENCY,
        why=f"{who}, [acute|sudden] {body}-sided hemiparesis and {'aphasia' if side == 'left' else 'neglect'} for {hours} {'hour' if hours == 1 else 'hours'}, NIHSS #9-17#. Thrombolysis candidate.",
        findings={
            "Hemorrhage": "No intracranial hemorrhage.",
            "Parenchyma": f"[Subtle loss of gray-white differentiation in the {side} insular ribbon.|Early hypoattenuation of the {side} lentiform nucleus and insula.] ASPECTS {aspects}. Hyperdense {side} middle cerebral artery.",
        },
        impression=[
            f"Early {side} MCA territory infarction, ASPECTS {aspects}. Hyperdense {side} MCA sign.",
            "No hemorrhage.",
        ],
        critical=Critical(Category.MINUTES, f"acute {side} MCA infarction with a hyperdense vessel"),
    )
    yield first
    second = case.study(
        CTA_HEAD_NECK,
        3.99,
        setting=Setting.EMERGENCY,
        compare=[first],
        why="Stroke alert. Large vessel occlusion?",
        findings={
            "Intracranial arteries": f"Occlusion of the {side} M1 segment with [good|moderate] collaterals. The other intracranial arteries are patent."
        },
        impression=[f"{side.capitalize()} M1 occlusion."],
        critical=Critical(Category.MINUTES, f"{side} M1 occlusion"),
    )
    yield second
    third = case.study(
        XA_THROMBECTOMY,
        3.93,
        setting=Setting.EMERGENCY,
        compare=[second],
        why=f"{side.capitalize()} M1 occlusion.",
        findings={
            "Angiogram": f"{side.capitalize()} M1 occlusion, TICI 0.",
            "Intervention": "Recanalization after [one pass|two passes]: TICI [2b|2c|3].",
        },
        impression=[f"Mechanical thrombectomy of a {side} M1 occlusion with successful recanalization."],
    )
    yield third
    fourth = case.study(
        CT_HEAD,
        3,
        setting=Setting.INPATIENT,
        compare=[first],
        why="24 hours after thrombectomy.",
        findings={
            "Hemorrhage": "No hemorrhagic transformation.",
            "Parenchyma": f"Demarcated infarct of the {side} lentiform nucleus and insula, [sparing the cortex|with limited cortical involvement].",
            "Ventricles and midline": "Slight mass effect on the ipsilateral lateral ventricle. No midline shift.",
        },
        impression=[f"Demarcated {side} basal ganglia and insular infarct without hemorrhage."],
    )
    yield fourth
    yield case.study(
        MR_BRAIN,
        0,
        setting=Setting.INPATIENT,
        compare=[fourth],
        why=f"{side.capitalize()} MCA stroke after thrombectomy, {body}-sided weakness improving. Infarct extent.",
        findings={
            "Parenchyma": "T2 and FLAIR hyperintense swelling of the infarcted area. The remaining parenchyma is unremarkable for age.",
            "Diffusion": f"Restricted diffusion in the {side} lentiform nucleus, insula and [a small part of the frontal operculum|corona radiata]. No lesion in other vascular territories.",
            "Hemorrhage": "[Petechial susceptibility within the infarct (Heidelberg 1a).|No hemorrhage.]",
        },
        impression=[
            f"Subacute {side} MCA territory infarct confined to the deep nuclei and insula.",
            "No new infarct.",
        ],
    )


def _subdural(case: Case) -> Iterator[Study]:
    side = case.side
    width = case.dice.randint(14, 22)
    shift = case.dice.randint(6, 10)
    first = case.study(
        CT_HEAD,
        60,
        setting=Setting.EMERGENCY,
        why=f"{case.who(60)}, [increasing confusion|headache and gait disturbance] two weeks after a fall. Takes [apixaban|warfarin|aspirin].",
        findings={
            "Hemorrhage": f"{side.capitalize()} hemispheric subdural hematoma of mixed density, {mm(width)} thick.",
            "Ventricles and midline": f"Effacement of the {side} lateral ventricle. Midline shift {mm(shift)}. Basal cisterns are patent.",
        },
        impression=[
            f"{side.capitalize()} acute-on-chronic subdural hematoma, {mm(width)}, with {mm(shift)} midline shift.",
            "Neurosurgical consultation is advised.",
        ],
        critical=Critical(Category.MINUTES, f"{side} subdural hematoma with midline shift"),
    )
    yield first
    second = case.study(
        CT_HEAD,
        58,
        setting=Setting.INPATIENT,
        compare=[first],
        why=f"After burr-hole evacuation of a {side} subdural hematoma.",
        findings={
            "Hemorrhage": f"{side.capitalize()} burr holes with a subdural drain. Residual collection {mm(width * 0.4)} with postoperative air. No fresh hemorrhage.",
            "Ventricles and midline": f"Midline shift has decreased to {mm(shift * 0.3)}.",
            "Bones and sinuses": "Burr holes as described. Sinuses and mastoids are clear.",
        },
        impression=[
            f"Expected appearance after evacuation. Residual {side} collection {mm(width * 0.4)}; midline shift {mm(shift * 0.3)} (previously {mm(shift)})."
        ],
    )
    yield second
    yield case.study(
        CT_HEAD,
        0,
        compare=[second],
        why="8 weeks after evacuation of a subdural hematoma.",
        findings={
            "Hemorrhage": f"The {side} subdural collection has resolved. No new hemorrhage.",
            "Bones and sinuses": "Healed burr holes. Sinuses and mastoids are clear.",
        },
        impression=[f"Resolved {side} subdural hematoma. No midline shift."],
    )


def _bleed(case: Case) -> Iterator[Study]:
    side = case.side
    a, b, c = case.dice.randint(28, 40), case.dice.randint(20, 28), case.dice.randint(22, 30)
    volume = round(a * b * c / 2000)
    first = case.study(
        CT_HEAD,
        30,
        setting=Setting.EMERGENCY,
        why=f"{case.who(30)}, collapse with hemiplegia, GCS #9-13#, BP #195-230#/#105-120# mmHg.",
        findings={
            "Hemorrhage": f"Acute intraparenchymal hematoma centered in the {side} {case.one('putamen', 'thalamus')}, {cm(a, b, c)}, volume {volume} mL, with a thin rim of edema. [No intraventricular extension.|A small amount of blood in the lateral ventricle.]",
            "Ventricles and midline": "Midline shift 3 mm. No hydrocephalus.",
        },
        impression=[
            f"Acute {side} deep intracerebral hemorrhage, {volume} mL, in a location typical of hypertension."
        ],
        critical=Critical(Category.MINUTES, f"acute {side} intracerebral hemorrhage"),
    )
    yield first
    second = case.study(
        CT_HEAD,
        29.7,
        setting=Setting.INPATIENT,
        compare=[first],
        why="Intracerebral hemorrhage, 6-hour control.",
        findings={
            "Hemorrhage": f"{side.capitalize()} deep hematoma, {volume + 1} mL, not significantly changed.",
            "Ventricles and midline": "Midline shift 3 mm, unchanged. No hydrocephalus.",
        },
        impression=["No hematoma expansion. Unchanged mass effect."],
    )
    yield second
    yield case.study(
        CT_HEAD,
        0,
        compare=[second],
        why="4 weeks after intracerebral hemorrhage.",
        findings={
            "Hemorrhage": f"The {side} hematoma has largely resorbed, leaving a hypodense cavity of {cm(a * 0.5, b * 0.4)}. No new hemorrhage.",
            "Ventricles and midline": "No midline shift. No hydrocephalus.",
        },
        impression=[f"Expected evolution of the {side} deep hemorrhage. No new bleeding."],
    )


def _sclerosis(case: Case) -> Iterator[Study]:
    lesions = case.dice.randint(9, 16)
    drug = case.one("ocrelizumab", "dimethyl fumarate", "natalizumab", "fingolimod")
    spots = "periventricular, juxtacortical and infratentorial white matter"
    first = case.study(
        MR_BRAIN_IV,
        760,
        why=f"{case.who(760)} with [optic neuritis|sensory disturbance of both legs|internuclear ophthalmoplegia]. Demyelination?",
        findings={
            "Parenchyma": f"About {lesions} T2/FLAIR hyperintense ovoid lesions in the {spots}, some perpendicular to the ventricles.",
            "Enhancement": f"{case.one('Two', 'Three')} of the periventricular lesions enhance; the others do not.",
        },
        impression=[
            "Demyelinating lesions with dissemination in space and time, fulfilling the 2017 McDonald criteria for multiple sclerosis in the right clinical context."
        ],
    )
    yield first
    second = case.study(
        MR_BRAIN_IV,
        380,
        compare=[first],
        why=f"Relapsing-remitting MS, on {drug}. New baseline.",
        findings={
            "Parenchyma": f"Demyelinating lesions in the {spots}. No new or enlarging T2 lesion since {first.day}.",
            "Enhancement": "No enhancing lesion; those seen before no longer enhance.",
        },
        impression=["Stable lesion load. No active inflammation."],
    )
    yield second
    active = case.chance(0.35)
    yield case.study(
        MR_BRAIN_IV,
        0,
        compare=[first, second],
        why=f"MS on {drug}, annual control. [No relapse.|Stable EDSS.]",
        findings={
            "Parenchyma": f"{'Two new T2 lesions in the frontal white matter' if active else 'No new or enlarging T2 lesion'} since {second.day}. The known lesions in the {spots} are unchanged. [No disproportionate atrophy.|No sign of PML.]",
            "Enhancement": "One of the new lesions enhances." if active else "No enhancing lesion.",
        },
        impression=[
            f"Two new lesions, one of them enhancing: disease activity under {drug}."
            if active
            else "No new or active lesion. Stable disease.",
            "No sign of PML.",
        ],
    )


def _meningioma(case: Case) -> Iterator[Study]:
    side = case.side
    place = case.one("frontal convexity", "parietal convexity", "sphenoid wing", "parafalcine frontal region")
    size = case.dice.randint(14, 21)
    later = size + case.dice.randint(0, 3)
    brain = {"Parenchyma": "The brain parenchyma is otherwise [unremarkable|normal in signal]."}
    first = case.study(
        MR_BRAIN_IV,
        1100,
        why=f"{case.who(1100)} with [headache|a first seizure|vertigo]. Extra-axial lesion on CT elsewhere.",
        findings={
            **brain,
            "Enhancement": f"Homogeneously enhancing dural-based mass at the {side} {place}, {cm(size, size - 3, size - 2)}, with a dural tail. No edema of the adjacent brain.",
        },
        impression=[
            f"{side.capitalize()} {place} meningioma, {mm(size)}, without edema.",
            "MR in 12 months is suggested.",
        ],
    )
    yield first
    second = case.study(
        MR_BRAIN_IV,
        720,
        compare=[first],
        why=f"{side.capitalize()} {place} meningioma, surveillance.",
        findings={
            **brain,
            "Enhancement": f"The {side} {place} meningioma measures {cm(size, size - 3, size - 2)}, unchanged since {first.day}. No edema.",
        },
        impression=[f"Unchanged {mm(size)} meningioma."],
    )
    yield second
    yield case.study(
        MR_BRAIN_IV,
        0,
        compare=[first, second],
        why=f"{side.capitalize()} {place} meningioma, surveillance after three years.",
        findings={
            **brain,
            "Enhancement": f"The {side} {place} meningioma measures {cm(later, later - 3, later - 2)}. No edema of the adjacent brain.",
        },
        impression=[
            f"{side.capitalize()} {place} meningioma, {mm(later)}, {'minimal growth of ' + mm(later - size) + ' in three years' if later > size else 'stable over three years'}.",
            "MR in two years is suggested." if later == size else "MR in 12 months is suggested.",
        ],
    )


def _headache(case: Case) -> Iterator[Study]:
    exam = CT_HEAD if case.chance(0.5) else MR_BRAIN
    yield case.study(
        exam,
        0,
        setting=Setting.EMERGENCY if exam is CT_HEAD else Setting.OUTPATIENT,
        why=f"{case.who()} with "
        + (
            case.one(
                "thunderclap headache, onset 2 hours ago",
                "headache and vomiting",
                "head injury, brief loss of consciousness",
                "first seizure",
            )
            if exam is CT_HEAD
            else case.one(
                "chronic migraine with change of pattern", "vertigo and unsteadiness", "memory complaints"
            )
        )
        + ".",
        impression=[
            "No acute intracranial abnormality."
            if exam is CT_HEAD
            else "[No intracranial cause of the symptoms identified.|Normal MR of the brain.]"
        ],
    )


def _disc(case: Case) -> Iterator[Study]:
    side = case.side
    level, root = case.one("L4-L5|L5", "L5-S1|S1").split("|")
    size = case.dice.randint(6, 9)
    first = case.study(
        MR_LUMBAR,
        240,
        why=f"{case.who(240)}, {side} {root} radiculopathy for #5-9# weeks, [weak {'toe extension' if root == 'L5' else 'plantar flexion'}|no motor deficit].",
        findings={
            level: f"{side.capitalize()} paracentral disc extrusion, {mm(size)}, displacing and compressing the traversing {side} {root} nerve root. The central canal is not critically narrowed."
        },
        impression=[f"{side.capitalize()} paracentral {level} extrusion compressing the {side} {root} root."],
    )
    yield first
    surgery = case.chance(0.4)
    yield case.study(
        MR_LUMBAR,
        0,
        compare=[first],
        why=f"{'6 months after ' + side + ' ' + level + ' microdiscectomy, residual numbness.' if surgery else 'Radicular pain has nearly resolved under conservative treatment.'}",
        findings={
            level: (
                f"Postoperative change at {level}. No recurrent herniation; mild epidural fibrosis around the {side} {root} root, which is no longer compressed."
                if surgery
                else f"The {side} paracentral extrusion has shrunk from {mm(size)} to {mm(size * 0.35)}. The {side} {root} root is no longer compressed."
            )
        },
        impression=[
            f"No recurrent herniation after {side} {level} microdiscectomy."
            if surgery
            else f"Marked regression of the {side} {level} extrusion. No residual root compression."
        ],
    )


def _back_pain(case: Case) -> Iterator[Study]:
    if case.age() >= 68 and case.chance(0.6):
        level = case.one("L1", "T12", "L2")
        yield case.study(
            CR_LUMBAR,
            0,
            setting=Setting.EMERGENCY,
            why=f"{case.who()}, low back pain after [a minor fall|lifting]. Known osteoporosis.",
            findings={
                "Bones": f"Wedge compression deformity of {level} with about #25-40# % loss of anterior height. The posterior wall appears intact. Osteopenia."
            },
            impression=[
                f"{level} wedge compression fracture, probably osteoporotic and recent. MR or CT if neurology changes or age of the fracture matters."
            ],
        )
        return
    yield case.study(
        CR_LUMBAR,
        0,
        why=f"{case.who()}, low back pain for [three months|six weeks], no red flags.",
        impression=[
            "{50: Mild degenerative change of the lower lumbar spine. No fracture. // No fracture or malalignment.}"
        ],
    )


def _compression(case: Case) -> Iterator[Study]:
    level = case.one("T6", "T8", "T10")
    primary = (
        case.one("breast cancer", "lung cancer", "renal cell carcinoma")
        if case.woman
        else case.one("prostate cancer", "lung cancer", "renal cell carcinoma")
    )
    first = case.study(
        MR_SPINE_URGENT,
        14,
        setting=Setting.EMERGENCY,
        why=f"{case.who(14)} with metastatic {primary}, leg weakness for two days and urinary retention. Cord compression?",
        findings={
            "Alignment": f"Pathologic compression of {level}.",
            "Metastases": f"Marrow-replacing enhancing metastasis of {level} with a circumferential epidural component. [Further lesions without canal involvement at T3 and L4.|No further lesion with canal involvement.]",
            "Cord": f"High-grade compression of the cord at {level} (Bilsky 3) with T2 hyperintensity of the cord.",
            "Soft tissues": "No epidural collection.",
        },
        impression=[
            f"Metastatic cord compression at {level}, Bilsky grade 3, with cord edema.",
            "Urgent surgical and radiation oncology consultation.",
        ],
        critical=Critical(Category.MINUTES, f"metastatic spinal cord compression at {level}"),
    )
    yield first
    yield case.study(
        MR_SPINE_URGENT,
        0,
        compare=[first],
        why=f"After decompression and stabilization at {level}, before radiotherapy.",
        findings={
            "Alignment": f"Posterior instrumentation two levels above and below {level}; local susceptibility artifact.",
            "Cord": f"The cord at {level} is decompressed. Residual T2 hyperintensity of the cord, less than on {first.day}.",
            "Soft tissues": "Expected postoperative fluid in the surgical bed. No compressive collection.",
        },
        impression=[f"Successful decompression at {level}. No recurrent compression."],
    )


def _neck_trauma(case: Case) -> Iterator[Study]:
    yield case.study(
        CT_CSPINE,
        0,
        setting=Setting.EMERGENCY,
        why=f"{case.who()}, [road traffic collision|fall from standing|diving accident], midline neck tenderness.",
        impression=["No acute fracture or malalignment of the cervical spine."],
    )


def _sinusitis(case: Case) -> Iterator[Study]:
    side = case.side
    disease = case.chance(0.6)
    yield case.study(
        CT_SINUS,
        0,
        why=f"{case.who()}, chronic rhinosinusitis despite treatment. Before [endoscopic sinus surgery|specialist review].",
        findings={
            "Sinuses": f"Subtotal opacification of the {side} maxillary sinus and anterior ethmoid cells. The other sinuses are clear.",
            "Ostiomeatal units": f"The {side} ostiomeatal unit is obstructed; the opposite one is patent.",
        }
        if disease
        else None,
        impression=[
            f"{side.capitalize()} ostiomeatal pattern of chronic sinusitis (Lund-Mackay score #4-5#)."
            if disease
            else "Clear paranasal sinuses."
        ],
    )


STORIES = (
    Story(_stroke, "neuro", frozenset({"head", "neck vessels"}), 1.8, 50, 90),
    Story(_subdural, "emergency", frozenset({"head"}), 1.3, 65, 92),
    Story(_bleed, "emergency", frozenset({"head"}), 1.2, 52, 85),
    Story(_sclerosis, "neuro", frozenset({"head"}), 2, 24, 52),
    Story(_meningioma, "neuro", frozenset({"head"}), 1.5, 48, 82),
    Story(_headache, "general", frozenset({"head"}), 3, 14, 90),
    Story(_disc, "bones", frozenset({"spine"}), 3, 25, 65),
    Story(_back_pain, "general", frozenset({"spine"}), 2, 25, 92),
    Story(
        _compression, "oncology", frozenset({"spine", "whole body", "breast", "pelvis", "chest"}), 0.6, 50, 80
    ),
    Story(_neck_trauma, "emergency", frozenset({"neck"}), 1.4, 18, 88),
    Story(_sinusitis, "general", frozenset({"sinuses"}), 1.2, 20, 70),
)
SINGLES = tuple(story for story in STORIES if story.tell in (_headache, _back_pain, _neck_trauma, _sinusitis))

"""Dictated text as it is dictated."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from client.documents import SectionRole
from client.documents.blocks import render
from client.documents.charset import clean
from client.documents.prose import read_prose


def read(text):
    return render(read_prose(clean(text)))


def roles(text):
    return [section.role for section in read(text)[1]]


@pytest.mark.parametrize(
    "text",
    [
        "FINDINGS:\nThe lungs are clear.\n\nIMPRESSION:\nNormal.",
        "FINDINGS\nThe lungs are clear.\n\nIMPRESSION\nNormal.",
        "Findings: The lungs are clear.\n\nImpression: Normal.",
        "FINDINGS: The lungs are clear. IMPRESSION: Normal.",
        "Findings:\r\nThe lungs are clear.\r\n\r\nImpression:\r\nNormal.",
        "HALLAZGOS: Pulmones sin lesiones.\n\nIMPRESIÓN: Normal.",
        "RÉSULTATS :\nPoumons clairs.\n\nCONCLUSION :\nNormal.",
        "Befund:\nLungen frei.\n\nBeurteilung:\nNormalbefund.",
        "FINDINGS CHEST:\nClear.\n\nIMPRESSION AND RECOMMENDATIONS:\nNormal.",
        "**FINDINGS**\nClear.\n\n**IMPRESSION**\nNormal.",
    ],
)
def test_findings_and_impression_are_found_however_they_are_written(text):
    assert roles(text) == [SectionRole.FINDINGS, SectionRole.IMPRESSION]


def test_the_order_of_a_report_is_kept():
    text = (
        "CLINICAL HISTORY: Cough.\nTECHNIQUE: PA and lateral.\nCOMPARISON: None.\n"
        "FINDINGS: Clear.\nIMPRESSION: Normal."
    )
    assert roles(text) == [
        SectionRole.INDICATION,
        SectionRole.TECHNIQUE,
        SectionRole.COMPARISON,
        SectionRole.FINDINGS,
        SectionRole.IMPRESSION,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "The impression of a mass persists on the lateral view.",
        "No comparison is available. The findings were discussed with the referrer.",
        "History of cough: two weeks.",
        "impression",
        "Conclusion of the study was delayed.",
    ],
)
def test_a_sentence_is_not_taken_for_a_heading(text):
    assert roles(text) == []


def test_a_text_without_headings_is_shown_whole():
    html, sections, plain = read("Chest PA. Clear lungs.\n\nNormal heart.")
    assert sections == ()
    assert plain == "Chest PA. Clear lungs.\nNormal heart."
    assert html == "<p>Chest PA. Clear lungs.</p><p>Normal heart.</p>"


def test_an_organ_in_capitals_inside_the_findings_is_no_section_of_the_report():
    html, sections, _ = read("FINDINGS:\nLUNGS AND PLEURA:\nClear.\n\nIMPRESSION: Normal.")
    assert [section.role for section in sections] == [SectionRole.FINDINGS, SectionRole.IMPRESSION]
    assert '<p class="inner">LUNGS AND PLEURA</p>' in html


@pytest.mark.parametrize(
    "text",
    ["IMPRESSION:\n1. One.\n2. Two goes\n   on.\n3. Three.", "IMPRESSION: 1. One. 2. Two goes on. 3. Three."],
)
def test_numbered_impressions_become_a_list(text):
    html = read(text)[0]
    assert html.count("<li") == 3
    assert "Two goes on." in html or "Two goes<br>on." in html


def test_a_list_keeps_the_numbers_it_was_given():
    assert '<ol start="3">' in read("3. Third.\n4. Fourth.")[0]
    html, _, plain = read("1. One.\n3. Three.")
    assert "3. Three." in plain
    assert html.count("<ol") == 1


def test_a_numbered_list_ends_where_another_sentence_begins():
    html, _, plain = read("1. Nodule of 5 mm.\n2. No effusion.\nDiscussed with the referrer.")
    assert html.endswith("<li>No effusion.</li></ol><p>Discussed with the referrer.</p>")
    assert plain.endswith("\nDiscussed with the referrer.")


@pytest.mark.parametrize(
    "item", ["Nodule\nRUL", "Nodule seen.\nbut small", "Nodule.\n   Discussed.", "Nodule of\n5 mm."]
)
def test_a_numbered_item_goes_on_over_lines(item):
    assert read(f"1. {item}\n2. No effusion.")[0].count("<li") == 2


def test_a_date_or_a_size_at_the_start_of_a_line_is_not_a_list():
    assert "<ol" not in read("12. November 2026: seen by telephone.")[0]
    assert "<ul" not in read("-5 HU inside the lesion.")[0]


def test_lines_wrapped_by_a_machine_flow_and_lines_broken_by_a_person_stay():
    wrapped = (
        "There is a small left pleural effusion with adjacent compressive\n"
        "atelectasis, and a nodule of nine millimetres in the upper lobe\n"
        "on the right."
    )
    assert "<br>" not in read(wrapped)[0]
    assert read("Heart: normal.\nLungs: clear.")[0].count("<br>") == 1


def test_columns_keep_their_spaces():
    html = read("Lesion     Prior   Today\nRUL           6       9\nLLL           4       4")[0]
    assert html == "<pre>Lesion     Prior   Today\nRUL           6       9\nLLL           4       4</pre>"


@pytest.mark.parametrize(
    "text",
    [
        "Lesion  Prior  Today\nRUL      6      9\nLLL      4      4",
        "LESION  PRIOR  TODAY\nRUL      6      9\nLLL      4      4",
        "Findings  Prior  Today\n---------------------\nRUL      6      9\nLLL      4      4",
        "RUL      6      9\nLLL      4      4\nSum  10  13",
    ],
)
def test_column_heads_stay_with_their_columns(text):
    assert read(f"FINDINGS:\n{text}")[0].endswith(f"<pre>{text}</pre>")


def test_two_blanks_after_a_sentence_are_not_columns():
    assert "<pre>" not in read("The lungs are clear.  No effusion.\nThe heart is normal.  No oedema.")[0]


def test_a_line_break_of_hl7_version_2_breaks_the_line():
    assert read("FINDINGS: Clear.\\.br\\IMPRESSION: Normal.")[1][-1].role is SectionRole.IMPRESSION


def test_who_signed_is_not_part_of_the_impression():
    html = read("IMPRESSION: Normal.\n\nElectronically signed by A. Reader, MD")[0]
    assert '<p class="signature">Electronically signed' in html


def test_who_signed_before_an_addendum_is_no_part_of_the_report_either():
    text = "IMPRESSION: Normal.\n\nSigned by Dr A. One\n\nADDENDUM: A.\n\nB.\n\nC.\n\nSigned by Dr B. Two"
    assert read(text)[0].count('class="signature"') == 2


def test_only_the_last_paragraphs_are_a_signature():
    text = "IMPRESSION: A.\n\nReviewed by Dr A. One\n\nB.\n\nC."
    assert "signature" not in read(text)[0]


@pytest.mark.parametrize(
    "text",
    [
        "Reviewed on bone windows, there is a displaced hairline fracture of C2.",
        "Reported by phone to Dr X at 14:02: critical.",
        "Verified on biopsy.",
    ],
)
def test_a_finding_is_never_printed_as_a_signature(text):
    html = read(f"IMPRESSION: Normal alignment.\n\n{text}")[0]
    assert "signature" not in html
    assert html.count('class="impression"') == 2


@pytest.mark.parametrize(
    "text",
    [
        "الرئتان صافيتان\n\nلا يوجد انصباب جنبي\n\nالقلب طبيعي الحجم",
        "הריאות נקיות\n\nאין תפליט",
        "两肺纹理清晰\n\n心影大小正常。\n\n未见胸腔积液",
        "CT للصدر بدون مادة تباين\n\nالرئتان صافيتان",
        "肺野は清明です、\n\nMRI 所見なし",
    ],
)
def test_scripts_without_capitals_are_not_taken_for_headings(text):
    html, sections, _ = read(text)
    assert sections == ()
    assert 'class="inner"' not in html


def test_a_report_dictated_in_capitals_has_only_the_headings_it_names():
    text = (
        "CT CHEST\nFINDINGS:\nLUNGS ARE CLEAR\n\nNO PRIOR FOR COMPARISON\n\nHISTORY OF FALL\n\n"
        "HEART:\nNORMAL SIZE\n\nIMPRESSION\nNO ACUTE FINDINGS\n\nElectronically signed by Dr A. Reader"
    )
    html, sections, _ = read(text)
    assert [section.heading for section in sections] == ["FINDINGS", "IMPRESSION"]
    assert re.findall('class="inner">([^<]*)<', html) == ["HEART"]


def test_what_looks_like_markup_is_shown_as_words():
    assert read("Size <5 mm & stable")[0] == "<p>Size &lt;5 mm &amp; stable</p>"


LINES = st.one_of(
    st.sampled_from(
        [
            "FINDINGS:",
            "IMPRESSION: 1. A. 2. B.",
            "1. one",
            "2. two",
            "- item",
            "a    b   c",
            "Heart: normal",
            "",
            "----",
        ]
    ),
    st.text(max_size=90),
)


@given(st.lists(LINES, max_size=20).map("\n".join))
def test_no_letter_is_lost_added_or_moved(text):
    text = clean(text).replace("\\.br\\", "")
    plain = read(text)[2]
    assert "".join(filter(str.isalpha, plain)) == "".join(filter(str.isalpha, text))


@given(st.text(max_size=400))
def test_any_text_gives_html_of_the_vocabulary_only(text):
    html = read(text)[0]
    tags = set(re.findall(r"</?([a-z0-9]+)", html))
    assert tags <= {"p", "b", "br", "ol", "ul", "li", "pre", "hr", "a"}


HEADINGS = {
    "en": ("Indication", "Technique", "Findings", "Impression"),
    "es": ("Indicación", "Técnica", "Hallazgos", "Conclusión"),
    "fr": ("Indication", "Technique", "Résultats", "Conclusion"),
    "de": ("Fragestellung", "Technik", "Befund", "Beurteilung"),
    "ja": ("臨床情報", "撮影方法", "所見", "診断"),
}
STYLES = {
    "colon": "{}: {}\n\n",
    "capitals": "{u}\n{}\n\n",
    "capitals with a colon": "{u}:\n{}\n",
    "alone": "{h}\n\n{}\n\n",
    "wide colon": "{}：{}\n\n",
    "brackets": "【{h}】\n{}\n",
    "square brackets": "[{h}] {}\n",
    "stars": "**{h}:** {}\n\n",
    "hashes": "## {h}\n{}\n\n",
    "square": "■{h}\n{}\n",
}
SENTENCES = {
    "ja": "右上葉に結節を認める。",
    "de": "Kein Erguss.",
    "fr": "Pas d'épanchement.",
    "es": "Sin derrame.",
}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("language", HEADINGS)
def test_sections_are_found_in_every_language_and_style(language, style):
    sentence = SENTENCES.get(language, "No effusion is seen.")
    form = STYLES[style].replace("{}: {}", "{h}: {}").replace("{}：{}", "{h}：{}")
    text = "".join(form.format(sentence, h=each, u=each.upper()) for each in HEADINGS[language])
    html, sections, plain = render(read_prose(text))
    assert [section.role for section in sections] == [
        SectionRole.INDICATION,
        SectionRole.TECHNIQUE,
        SectionRole.FINDINGS,
        SectionRole.IMPRESSION,
    ]
    assert plain.count(sentence) == 4
    assert html.count('class="impression"') == 1


def test_sections_are_found_within_a_line_of_a_script_without_blanks():
    _, sections, _ = render(read_prose("検査目的：咳。所見：肺野に異常なし。診断：異常なし。"))
    assert [section.role for section in sections] == [
        SectionRole.INDICATION,
        SectionRole.FINDINGS,
        SectionRole.IMPRESSION,
    ]


@pytest.mark.parametrize(
    "text",
    [
        "診断 困難であった。",
        "所見 あり",
        "比較的小さい。",
        "[1.2 cm] nodule",
        "【注】造影なし。",
        "* Heart: normal",
    ],
)
def test_a_phrase_in_another_script_or_brackets_is_not_a_heading(text):
    assert render(read_prose(f"FINDINGS:\n{text}"))[1][1:] == ()


def test_one_line_of_300_kilobytes_is_shown_whole():
    line = "The lungs are clear; no effusion. " * 9000
    html, sections, plain = render(read_prose(f"FINDINGS: {line}IMPRESSION: Normal."))
    assert [section.role for section in sections] == [SectionRole.FINDINGS, SectionRole.IMPRESSION]
    assert plain.count("The lungs are clear") == 9000
    assert len(html) > 300_000

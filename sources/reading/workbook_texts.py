"""What a workbook holds beside the cells of its sheets: comments, names, properties, drawings, caches and the like.

A sheet is read from its cells alone. What stands elsewhere in the file would be archived unseen.
"""

import html
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping
from io import BytesIO
from itertools import islice
from pathlib import Path
from xml.etree import ElementTree
from xml.parsers.expat import ExpatError

from sources.reading import ods
from sources.reading.sheet_cells import sheet_parts
from sources.reading.zip_members import DAMAGE, is_ods

COMMENTS, DRAWINGS, NAMES = "comments on cells", "drawings, text boxes or charts", "defined names"
PROPERTIES, HEADERS, LISTS = "document properties", "page headers or footers", "lists or hints of data validation"
OTHER = "parts that are no cells"
# What a person writes: who saved a workbook, and when, stands in every one.
_WRITTEN = {"title", "subject", "description", "keywords", "category", "contentStatus", "identifier", "Manager"}
_SET_BY_PROGRAMS = re.compile(r"MSIP_Label_|ContentTypeId|MediaService|_dlc_|Order|TriggerFlowInfo|xd_|ComplianceAsset")
_WHERE = {
    r"xl/(?:comments|threadedComments)": COMMENTS,
    r"xl/(?:drawings|charts|chartsheets|diagrams|ctrlProps|activeX|media)/": DRAWINGS,
    r"xl/pivot(?:Cache|Tables)/": "pivot tables or their copies of rows",
    r"xl/externalLinks/": "copies of other workbooks",
    r"xl/(?:connections\.xml|queryTables/)": "queries",
    r"xl/embeddings/": "embedded files",
    r"customXml/(?!_rels)(?!itemProps)": "custom XML",
    r"docProps/(?:core|app|custom)\.xml": PROPERTIES,
}
_OF_EVERY_WORKBOOK = re.compile(
    r"(?i)\[Content_Types\]\.xml|.*/?_rels/.*\.rels|xl/(?:workbook\.xml|styles\.xml|sharedStrings\.xml|calcChain\.xml|"
    r"metadata\.xml|theme/.*|tables/.*|printerSettings/.*|worksheets/[^/]*\.xml|persons/.*)|docProps/.*|"
    r"docMetadata/.*|customXml/(?:_rels/.*|itemProps.*)"
)
_TOLD = {
    "name",
    "descr",
    "title",
    "comment",
    "prompt",
    "promptTitle",
    "error",
    "errorTitle",
    "tooltip",
    "display",
    "v",
    "command",
    "description",
    "connection",
}
_MADE_BY_SHAREPOINT = re.compile(r"\{http://schemas\.microsoft\.com/(?:sharepoint|office/2006/metadata/(?!properties))")
_PAGE_CODES = re.compile(r'&"[^"]*"|&K[0-9A-F]{6}|&\d+|&.')
_PAGE_WORDS = re.compile(r"(?i)\b(?:page|of)\b|[\W\d_]+")
_MOST_TEXTS = 20_000
# To search them takes some three seconds a million.
_MOST_CHARACTERS = 2_000_000
_LONGEST_TAIL = 4 << 20
# As a tree it takes some twenty times that in memory.
_LARGEST_PART = 16 << 20
_END_OF_CELLS = b"</sheetData>"


def texts_beside_cells(file: Path) -> Mapping[str, list[str]]:
    """Return the texts of a workbook that stand in no cell, by what they are, in our words; as many as are enough."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    try:
        with zipfile.ZipFile(file) as archive:
            texts = iter(ods.texts_beside_cells(archive)) if is_ods(archive) else _texts(archive)
            left = _MOST_CHARACTERS
            for where, text in islice(texts, _MOST_TEXTS):
                found[where].append(text[:left])
                left -= len(text)
                if left <= 0:
                    break
    except (*DAMAGE, ElementTree.ParseError, ExpatError):
        # What cannot be read here is refused, or not read, where the sheets are.
        return found
    return found


def _texts(archive: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    listed = {part.replace("\\", "/").casefold() for part in sheet_parts(archive)}
    if archive.comment:
        yield OTHER, archive.comment.decode("utf-8", "replace")
    for name in archive.namelist():
        part = name.replace("\\", "/").lstrip("/")
        if part.endswith("/"):
            continue
        where = next((told for pattern, told in _WHERE.items() if re.match(pattern, part, re.IGNORECASE)), None)
        if part.casefold() in listed:
            yield from _of_sheet(archive, name)
        elif archive.getinfo(name).file_size > _LARGEST_PART and (where or not _OF_EVERY_WORKBOOK.fullmatch(part)):
            yield where or OTHER, ""
        elif re.fullmatch(r"(?i)xl/worksheets/.+\.xml", part):
            # What no program shows any more, such as a sheet that was taken from the list alone.
            yield from ((OTHER, text) for text in ["", *_of_part(archive, name)])
        elif part.casefold() == "xl/workbook.xml":
            yield from _defined_names(ElementTree.fromstring(archive.read(name)))
        elif part.casefold().endswith(".rels"):
            yield from _mail_addresses(ElementTree.fromstring(archive.read(name)))
        elif where == PROPERTIES:
            yield from ((PROPERTIES, text) for text in _properties(ElementTree.fromstring(archive.read(name))))
        elif where == "custom XML":
            yield from ((where, text) for text in _custom_xml(archive.read(name)))
        elif where:
            yield from ((where, text) for text in _of_part(archive, name))
        elif not _OF_EVERY_WORKBOOK.fullmatch(part):
            yield OTHER, ""


def _of_part(archive: zipfile.ZipFile, name: str) -> Iterator[str]:
    """Yield the texts of a part; one that is empty, where it is no XML."""
    if not name.casefold().endswith((".xml", ".vml")):
        yield ""
        return
    is_of_fields = "pivotcache" in name.casefold()
    for _, element in ElementTree.iterparse(BytesIO(archive.read(name))):
        if element.text and element.text.strip():
            yield element.text.strip()
        for key, value in element.attrib.items():
            if _plain(key) in _TOLD and value.strip():
                # The name of a field is the header of a column.
                is_field = is_of_fields and _plain(element.tag) == "cacheField"
                yield f"{value}: (a field)" if is_field else value.strip()


def _of_sheet(archive: zipfile.ZipFile, name: str) -> Iterator[tuple[str, str]]:
    """Yield what stands behind the cells of a sheet."""
    tail = b""
    with archive.open(name) as stream:
        while chunk := stream.read(1 << 20):
            text = tail + chunk
            place = text.rfind(_END_OF_CELLS)
            # Until the cells end, only as much as may be the beginning of that mark.
            tail = text[place : place + _LONGEST_TAIL] if place >= 0 else text[-len(_END_OF_CELLS) :]
    if not tail.startswith(_END_OF_CELLS):
        return
    behind = tail.decode("utf-8", "replace")
    for text in re.findall(r"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)[^>]*>([^<]*)<", behind):
        words = _PAGE_CODES.sub(" ", _unescaped(text))
        if _PAGE_WORDS.sub("", words):
            yield HEADERS, words.strip()
    for text in re.findall(r'<(?:\w+:)?(?:formula1|formula2|f)>"([^<]*)"<', behind):
        yield from ((LISTS, item.strip()) for item in _unescaped(text).split(",") if item.strip())
    for key, text in re.findall(r'\s(\w+)="([^"]+)"', behind):
        if key in {"prompt", "promptTitle", "error", "errorTitle"}:
            yield LISTS, _unescaped(text)
        elif key in {"tooltip", "display"}:
            yield "links", _unescaped(text)
        elif key in {"comment", "user"}:
            yield "scenarios", _unescaped(text)


def _defined_names(workbook: ElementTree.Element) -> Iterator[tuple[str, str]]:
    for element in workbook.iter():
        if _plain(element.tag) == "definedName" and not str(element.get("name")).startswith("_xlnm."):
            for text in (element.get("name"), element.text, element.get("comment"), element.get("description")):
                if text:
                    yield NAMES, text


def _mail_addresses(relations: ElementTree.Element) -> Iterator[tuple[str, str]]:
    for relation in relations:
        target = str(relation.get("Target"))
        if target.casefold().startswith("mailto:"):
            yield "links", target


def _properties(root: ElementTree.Element) -> Iterator[str]:
    for element in root:
        tag, name = _plain(element.tag), element.get("name")
        if name is None:
            texts = [element.text] if tag in _WRITTEN else []
        else:
            texts = [] if _SET_BY_PROGRAMS.match(name) else [f"{name}: {''.join(element.itertext())}"]
        yield from (text.strip() for text in texts if text and text.strip())


def _custom_xml(content: bytes) -> Iterator[str]:
    root = ElementTree.fromstring(content)
    if not _MADE_BY_SHAREPOINT.match(root.tag):
        for element in root.iter():
            if element.text and element.text.strip():
                yield f"{_plain(element.tag)}: {element.text.strip()}"


def _plain(tag: str) -> str:
    return tag.rpartition("}")[2]


def _unescaped(text: str) -> str:
    return html.unescape(text)

"""Our own rules of the exchange standard say of a file what its real schema says, and say it in a sentence."""

from copy import deepcopy

import pytest
from lxml import etree

from tests.stores.projects import ATLAS, CODEBOOK, NVIVO, SAMPLES, SPACE, Coded, Text, guid, needs_samples
from weness.reading.guards import Package
from weness.stores.exchange.standard import breaches, name_of

pytestmark = needs_samples

MADE = f'creatingUser="{guid("u")}" creationDateTime="2024-03-01T10:00:00Z"'
CODING = f'<Coding guid="{guid("coding")}" {MADE}><CodeRef targetGUID="{guid("c")}"/><NoteRef targetGUID="{guid("n")}"/></Coding>'
HANGS = f'<Description>d</Description>{CODING}<NoteRef targetGUID="{guid("n")}"/>'
RICH = f"""<Project xmlns="{SPACE}" name="All" origin="x" creatingUserGUID="{guid("u")}" creationDateTime="2024-03-01T10:00:00">
<Users><User guid="{guid("u")}" name="Ana" id="a"/></Users>
<CodeBook><Codes><Code guid="{guid("c")}" name="C" isCodable="true" color="#aabbcc"><Description>d</Description>
<NoteRef targetGUID="{guid("n")}"/><Code guid="{guid("d")}" name="D" isCodable="0"/></Code></Codes></CodeBook>
<Variables><Variable guid="{guid("v")}" name="v" typeOfVariable="Text"><Description>d</Description></Variable></Variables>
<Cases><Case guid="{guid("case")}" name="mill"><Description>d</Description><CodeRef targetGUID="{guid("c")}"/>
<VariableValue><VariableRef targetGUID="{guid("v")}"/><TextValue>t</TextValue></VariableValue>
<SourceRef targetGUID="{guid("s")}"/><SelectionRef targetGUID="{guid("sel")}"/></Case></Cases>
<Sources>
<TextSource guid="{guid("s")}" name="t" {MADE}><Description>d</Description><PlainTextContent>We agreed.</PlainTextContent>
<PlainTextSelection guid="{guid("sel")}" name="n" startPosition="0" endPosition="2" {MADE}>{HANGS}</PlainTextSelection>
{CODING.replace(guid("coding"), guid("whole"))}<NoteRef targetGUID="{guid("n")}"/>
<VariableValue><VariableRef targetGUID="{guid("v")}"/><DateValue>2024-03-01</DateValue></VariableValue></TextSource>
<PictureSource guid="{guid("pic")}" name="p" path="internal://p.png"><TextDescription guid="{guid("td")}"><PlainTextContent>x</PlainTextContent></TextDescription>
<PictureSelection guid="{guid("ps")}" firstX="0" firstY="0" secondX="5" secondY="5">{HANGS}</PictureSelection></PictureSource>
<PDFSource guid="{guid("pdf")}" name="p" path="internal://p.pdf">
<PDFSelection guid="{guid("pdfs")}" page="1" firstX="0" firstY="0" secondX="5" secondY="5"/>
<Representation guid="{guid("rep")}" plainTextPath="internal://r.txt"/></PDFSource>
<AudioSource guid="{guid("au")}" name="a" path="internal://a.mp3">
<Transcript guid="{guid("tr")}"><PlainTextContent>x</PlainTextContent><SyncPoint guid="{guid("sp")}" timeStamp="0" position="0"/>
<TranscriptSelection guid="{guid("ts")}" fromSyncPoint="{guid("sp")}"/></Transcript>
<AudioSelection guid="{guid("as")}" begin="0" end="10"/></AudioSource>
<VideoSource guid="{guid("vi")}" name="v" path="internal://a.mp4"><VideoSelection guid="{guid("vs")}" begin="0" end="10"/></VideoSource>
</Sources>
<Notes><Note guid="{guid("n")}" name="memo"><PlainTextContent>m</PlainTextContent></Note></Notes>
<Links><Link guid="{guid("l")}" direction="OneWay" originGUID="{guid("c")}" targetGUID="{guid("d")}"><NoteRef targetGUID="{guid("n")}"/></Link></Links>
<Sets><Set guid="{guid("set")}" name="S"><MemberCode targetGUID="{guid("c")}"/><MemberSource targetGUID="{guid("s")}"/></Set></Sets>
<Graphs><Graph guid="{guid("g")}"><Vertex guid="{guid("ve")}" firstX="1" firstY="1"/><Edge guid="{guid("e")}" sourceVertex="{guid("ve")}" targetVertex="{guid("ve")}"/></Graph></Graphs>
<Description>d</Description><NoteRef targetGUID="{guid("n")}"/></Project>"""


@pytest.fixture(scope="module")
def schemas():
    return {kind: etree.XMLSchema(etree.parse(str(SAMPLES / f"{kind}.xsd"))) for kind in ("Project", "Codebook")}


def rich():
    return etree.fromstring(RICH)


def as_written(root):
    return etree.fromstring(etree.tostring(root))


def valid(root, schemas):
    return schemas["Codebook" if name_of(root) == "CodeBook" else "Project"].validate(as_written(root))


def broken():
    """(what was done, the tree): one thing wrong in each."""
    first: dict[str, int] = {}
    elements = list(rich().iter("*"))
    for number, element in enumerate(elements):
        first.setdefault(name_of(element), number)
    for name, number in first.items():

        def spoilt(what, do, number=number, name=name):
            root = rich()
            one = list(root.iter("*"))[number]
            do(one)
            return f"{name}: {what}", root

        for attribute in elements[number].attrib:
            yield spoilt(f"no {attribute}", lambda one, attribute=attribute: one.attrib.pop(attribute))
            yield spoilt(
                f"{attribute} is nonsense", lambda one, attribute=attribute: one.set(attribute, "no such thing")
            )
        yield spoilt("an unknown attribute", lambda one: one.set("weight", "1"))
        yield spoilt("an unknown child", lambda one: etree.SubElement(one, f"{{{SPACE}}}Weight"))
        yield spoilt("a child more", lambda one: etree.SubElement(one, f"{{{SPACE}}}Users"))
        if len(elements[number]):
            yield spoilt("nothing in it", lambda one: [one.remove(child) for child in list(one)])
            yield spoilt("no first child", lambda one: one.remove(one[0]))
            yield spoilt("the first child again", lambda one: one.append(deepcopy(one[0])))
        if len({name_of(child) for child in elements[number]}) > 1:
            yield spoilt("the last child first", lambda one: one.insert(0, one[-1]))


@pytest.mark.parametrize("path", [ATLAS, CODEBOOK], ids=lambda path: path.name)
def test_real_files_are_judged_as_the_schema_judges_them(path, schemas):
    root = etree.parse(str(path)).getroot()
    assert (breaches(root) == ()) == valid(root, schemas), schemas["Project"].error_log


def test_a_real_nvivo_project_keeps_to_the_standard(schemas):
    with Package(NVIVO, ".qdpx") as package:
        root = package.xml("project.qde")
    assert valid(root, schemas)
    assert breaches(root) == ()


def test_a_project_with_one_of_everything_keeps_to_the_standard(schemas):
    assert valid(rich(), schemas), schemas["Project"].error_log
    assert breaches(rich()) == ()


def test_every_way_of_breaking_a_project_is_judged_as_the_schema_judges_it(schemas):
    other = [what for what, root in broken() if (breaches(root) == ()) != valid(root, schemas)]
    assert len(list(broken())) > 300
    assert other == []


@pytest.mark.parametrize(
    ("attributes", "told"),
    [
        ({}, "User has no guid."),
        ({"guid": guid("u"), "weight": "1"}, "User has an attribute weight, which the standard does not know."),
        ({"guid": "not one"}, "User has a guid that is none."),
    ],
)
def test_a_breach_is_told_in_a_sentence(attributes, told):
    root = rich()
    user = root.find(f".//{{{SPACE}}}User")
    user.attrib.clear()
    user.attrib.update(attributes)
    assert breaches(root) == (told,)


def test_the_same_breach_a_hundred_times_is_told_once_with_how_often():
    text = Text("a", "We agreed.", [(0, 2, "trust", "ana")] * 100)
    root = etree.fromstring(Coded([text]).xml())
    for one in root.iter(f"{{{SPACE}}}PlainTextSelection"):
        del one.attrib["endPosition"]
    assert breaches(root) == ("PlainTextSelection has no endPosition. (100 times)",)


@pytest.mark.parametrize("space", ["urn:QDA-XML:project:0:10", "", "http://example.org"])
def test_another_namespace_is_told(space):
    root = etree.fromstring(RICH.replace(SPACE, space) if space else RICH.replace(f' xmlns="{SPACE}"', ""))
    assert breaches(root) == (f"The namespace is {space or 'missing'!r}.",)

"""The first inputs of each target, all of our own invention: each is read to its end."""

from __future__ import annotations

import gzip
import io
import stat
import zipfile
import zlib
from collections.abc import Mapping

MEMBER_MARK = b"\xff"
"""Begins each member of an archive that a target packs itself: its name, a line break, its content."""

MET = (
    "The council met on Wednesday evening and elected Mara Quist as its chair, by eleven votes to four, after a debate "
    "that lasted for three hours and that nobody had expected to end so well."
)
ROSE = "Her opponent left the hall before the vote, and said on the stairs that he would not stand again."

TEXT = f"""Title: New chair
By Ana Ruiz and Tom Hale, Harbour Standard
Published: 19 June 2024, 14:05 GMT

LONDON, June 19, 2024 (Reuters) - {MET}

Related topics:
- Budget passed

{ROSE}
Subscribe to our newsletter
"""
MARKDOWN = f"""---
title: New chair
published: 2024-06-19T10:30:00+02:00
authors: [Ana Ruiz, Tom Hale]
url: https://harbour.example/chair
---
# New chair

{MET} [More](https://x.example "t"), <b>bold</b> &amp; *so on* ![p](p.png)

1. one
2. two
   - three

| a | b |
|---|---|
| 1 | 2 |

> {ROSE}

```
code
```
<div>raw</div>
"""
HTML = f"""<!doctype html><html lang="en"><head><meta charset="utf-8"><title>New chair | Harbour Standard</title>
<link rel="canonical" href="https://harbour.example/chair?utm_source=x"><meta property="og:type" content="article">
<link rel="alternate" type="application/rss+xml" href="/feed" title="News">
<meta property="article:published_time" content="2024-06-19T10:30:00+02:00"><meta name="author" content="Ana Ruiz">
<script type="application/ld+json">{{"@type":"NewsArticle","headline":"New chair","datePublished":"2024-06-19",
"author":[{{"@id":"#a"}}],"publisher":{{"name":"Harbour Standard"}}}}</script></head><body>
<nav><a href="/">Home</a></nav><article><h1>New chair</h1>
<p class="byline">By <a rel="author" href="/a">Ana Ruiz</a></p>
<time pubdate datetime="2024-06-19">June 19, 2024</time>
<div class="t"><p>{MET}</p><p>{ROSE}</p></div><div class="t"><p>{MET}</p>
<p hidden>x</p></div></article><footer style="display:none">© 2024</footer></body></html>"""
JSONL = f"""{{"text": "<p>{MET}</p>", "title": "New chair", "published": "2024-06-19T10:30:00+02:00", "id": 7,
"authors": ["Ana Ruiz"], "url": "https://harbour.example/chair"}}""".replace("\n", " ")
CSV = f'title,text,date,author,url\r\nNew chair,"{MET}",2024-06-19,"[\'Ana Ruiz\']",https://h.example/1\r\n'
RSS = f"""<?xml version="1.0" encoding="utf-8"?><!DOCTYPE rss [<!ENTITY x "y">]>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Harbour &amp; Standard</title><link>https://h.example/</link><!-- no --><item><title>New chair</title>
<link>/1</link><guid isPermaLink="false">7</guid><dc:creator>ana@h.example (Ana Ruiz)</dc:creator>
<pubDate>Wed, 19 Jun 2024 10:30:00 +0200</pubDate><description>&lt;p&gt;{MET}&lt;/p&gt;</description>
<content:encoded><![CDATA[<p onclick="x">{MET}</p><script>x</script>&nbsp;]]></content:encoded>
</item></channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en" xml:base="https://h.example/a/"><title>H</title><entry>
<id>urn:7</id><title type="html">New &lt;b&gt;chair</title><link rel="alternate" href="../1"/>
<updated>2024-06-19T10:30:00Z</updated><author><name>Ana Ruiz</name></author><content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{MET}
</p></div></content><source><title>S</title></source></entry></feed>"""
JSON_FEED = f"""{{"version": "https://jsonfeed.org/version/1.1", "title": "H", "authors": [{{"name": "Ana Ruiz"}}],
"items": [{{"id": "1", "url": "https://h.example/1", "content_html": "<p>{MET}", "date_published": "2024-06-19"}}]}}"""
SITEMAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://h.example/1?a=1&amp;b</loc>
<lastmod>2024-06-19</lastmod><news:news><news:publication_date>2024-06-19T10:30Z</news:publication_date></news:news>
</url></urlset>"""
PLAIN_MAIL = f"""From: "Harbour Standard" <news@h.example>
Subject: =?utf-8?q?New_chair?=
Date: Wed, 19 Jun 2024 10:30:00 +0200
Message-ID: <7@h.example>
Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes

{MET} \r
{ROSE}
--\x20
Unsubscribe
"""
MAIL = f"""From: =?iso-8859-1?b?SGFyYm91cg==?= <news@h.example>
Subject: New chair
Date: Wed, 19 Jun 2024 10:30:00 +0200
Archived-At: <https://h.example/7>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b"

--b
Content-Type: text/plain; charset="iso-2022-jp"

{ROSE}
--b
Content-Type: text/html; charset=windows-1252; name*=utf-8''a%20b
Content-Transfer-Encoding: quoted-printable

<div><p>{MET}</p>=20<p>{ROSE}</p><p>Unsubscribe=E9</p></div>
--b
Content-Type: application/pdf
Content-Disposition: attachment; filename="a.pdf"
Content-Transfer-Encoding: base64

JVBERi0=
--b--
"""
ROBOTS = """/news/chair?a=1
User-agent: *
Disallow: /news/*?a=
Allow: /news/chair$
Crawl-delay: 2
Request-rate: 1/10s
Visit-time: 0600-0845
Sitemap: https://h.example/sitemap.xml

User-agent: newsdesk
Crawl-delay: 0.5
"""
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override '
    'PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
WORD = f"""<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>
<w:p><w:pPr><w:pStyle w:val="Title"/></w:pPr><w:r><w:t>New chair</w:t></w:r></w:p><w:p><w:r><w:rPr><w:vanish/></w:rPr>
<w:t>x</w:t></w:r><w:r><w:t>{MET}</w:t><w:tab/><w:br/></w:r><w:del><w:r><w:t>x</w:t></w:r></w:del></w:p>
<w:tbl><w:tr><w:tc><w:p><w:r><w:t>a</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>b</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
<w:p><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr><w:r><w:t>{ROSE}</w:t></w:r></w:p></w:body></w:document>"""
CORE = (
    '<c:coreProperties xmlns:c="x" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>New chair elected</dc:title>'
    "<dc:creator>Ana Ruiz</dc:creator></c:coreProperties>"
)


def members(contents: Mapping[str, str]) -> bytes:
    """Write down an archive for a target to pack."""
    return b"".join(MEMBER_MARK + name.encode() + b"\n" + content.encode() for name, content in contents.items())


def archive(compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A real archive, with a folder, a link and a name that leads out of it."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", compression) as packed:
        packed.writestr("news/a.txt", TEXT)
        packed.writestr("../b.txt", ROSE)
        link = zipfile.ZipInfo("c.txt")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        packed.writestr(link, "/etc/hostname")
    return content.getvalue()


def pdf(program: bytes, *, filters: bytes = b"", resources: bytes = b"", extra: tuple[bytes, ...] = ()) -> bytes:
    """A document of one page with one font; objects of `extra` begin at 6."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [4 0 R] >>",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding /ToUnicode 6 0 R >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 5 0 R /Resources << /Font << /F1 3 0 R >> "
        + resources
        + b" >> >>",
        b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(program), filters, program),
        *extra,
    ]
    content, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    table += b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    tail = b"trailer << /Size %d /Root 1 0 R /Info << /Title (New chair elected) /Author (Ana Ruiz) >> >>\n"
    return content + table + tail % (len(objects) + 1) + b"startxref\n%d\n%%%%EOF\n" % len(content)


_PROGRAM = f"BT /F1 11 Tf 50 800 Td 14 TL ({MET}) Tj T* [({ROSE}) -200 <41>] TJ ({ROSE}) ' ET".encode()
_CMAP = (
    b"<< /Length 120 >>\nstream\n/CIDInit begincmap 1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfchar "
    b"<41> <00410042> endbfchar 1 beginbfrange <61> <7A> <0061> endbfrange endcmap\nendstream"
)
_FORM = b"<< /Subtype /Form /BBox [0 0 9 9] /Length 33 >>\nstream\nBT /F1 9 Tf (inside a form) Tj ET\nendstream"
_MBOX = "From a@b.example Wed Jun 19 10:30:00 2024\n"
_DOCX = members({"[Content_Types].xml": TYPES, "word/document.xml": WORD, "docProps/core.xml": CORE})
_PDF = pdf(_PROGRAM)

DOWNLOAD = (
    f"Chair elected\nOakvale Herald\nMarch 5, 2026 Thursday\nCopyright 2026 A\nLength: 41 words\nBody\n\n{MET}\n\n"
    f"Load-Date: March 6, 2026\n\nEnd of Document\n{ROSE}\nEnd of Document\n"
)
RTF = (
    r"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}{\f1\fcharset204 Arial Cyr;}}{\info{\title T}}\b New chair\b0\par "
    rf"{MET}\par {{\f1\'cf}}{{\v no}}\u8217?\trowd\intbl One\cell 2\cell\row\pard {ROSE}}}"
)

SEEDS: dict[str, tuple[bytes, ...]] = {
    "text": (TEXT.encode(), DOWNLOAD.encode(), TEXT.encode("utf-16"), f"Café “x”\n\n{MET}".encode("cp1252")),
    "markdown": (MARKDOWN.encode(),),
    "html": (HTML.encode(), f"<p>{MET}<p>{ROSE}<p>{MET}".encode()),
    "jsonl": (JSONL.encode(), gzip.compress(JSONL.encode(), mtime=0)),
    "json": (f"[{JSONL.strip().replace(chr(10), ',')}]".encode(),),
    "csv": (CSV.encode(), CSV.replace(",", ";").encode("utf-16"), gzip.compress(CSV.encode(), mtime=0)),
    "pdf": (
        _PDF,
        pdf(zlib.compress(_PROGRAM), filters=b"/Filter /FlateDecode", extra=(_CMAP,)),
        pdf(_PROGRAM.hex().encode() + b">", filters=b"/Filter [/ASCIIHexDecode]"),
        pdf(_PROGRAM + b" /X1 Do", resources=b"/XObject << /X1 7 0 R >>", extra=(_CMAP, _FORM)),
    ),
    "docx": (_DOCX,),
    "rtf": (RTF.encode(),),
    "eml": (PLAIN_MAIL.encode(), MAIL.encode()),
    "mbox": (f"{_MBOX}{PLAIN_MAIL}\n>From x\n\n{_MBOX}{MAIL}".encode(),),
    "feed": (RSS.encode(), ATOM.encode(), JSON_FEED.encode()),
    "sitemap": (SITEMAP.encode(), gzip.compress(SITEMAP.encode(), mtime=0)),
    "zip": (
        members({"a.txt": TEXT, "b/a.html": HTML, "c.csv": CSV, "d.md": MARKDOWN}),
        archive(), archive(zipfile.ZIP_STORED),
    ),
    "unnamed": (HTML.encode(), RSS.encode(), SITEMAP.encode(), _PDF, JSONL.encode(), TEXT.encode()),
    "markup": (HTML.encode(), b"5 < 6 <b and c> d <br/><p hidden>x</p> &lt;b&gt; <!-- x --> <a href='x'>y</a>\n\nz"),
    "xml": (RSS.encode(), RSS.encode("utf-16"), b"<?xml version='1.0' encoding='iso-8859-2'?><a>\xb1 & &nbsp; < </a>"),
    "robots": (ROBOTS.encode(),),
    "dates": (
        b"2024-06-19T10:30:00+02:00", b"20240619", b"Wed, 19 Jun 2024 10:30:00 +0200",
        b"Posted on June 19th, 2024 at 2:05 p.m. EDT", b"19 de junio de 2024, 14h05", b"19.06.2024", b"https://h.example/2024/06/19/a",
    ),
    "addresses": (
        b"https://User:x@H.example:8443/a%20b/?b=2&utm_source=x&a=1#c", b"http://[::ffff:10.0.0.1]/", b"http://2130706433/",
        b"//h.example/../a", "http://bücher.example。/ß?ü".encode(), b"harbour.example:80",
    ),
}  # fmt: skip
"""For every target inputs that are read to the end."""

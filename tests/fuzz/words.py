"""The words of each format, for the fuzzer to put into its inputs."""

from __future__ import annotations

_XML = (
    b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<!DOCTYPE", b"<!ENTITY", b"<?xml", b"encoding=", b"utf-16", b"utf-7",
    b"&lt;", b"&amp;", b"&#60;", b"&nbsp;", b"xmlns=", b"xml:base=", b"</",
)  # fmt: skip
_HTML = (
    b"<script>", b"</script>", b"<style>", b"<p>", b"</p>", b"<div>", b"</div>", b"<br>", b"<table>", b"<tr>",
    b"<td>", b"<a href=", b"<svg>", b"<template>", b"<!--", b"-->", b"hidden", b"style=display:none", b"&lt;",
    b"&#x3c;", b"<meta ", b"<article>", b"<title>", b"<textarea>", b"<noscript>", b"<iframe>", b"<plaintext>",
)  # fmt: skip
_MAIL = (
    b"Content-Type:", b"multipart/mixed", b"multipart/alternative", b"boundary=", b"text/html", b"message/rfc822",
    b"charset=", b"utf-7", b"=?utf-8?b?", b"?=", b"Content-Transfer-Encoding:", b"base64", b"quoted-printable",
    b"uuencode", b"From ", b"Content-Disposition:", b"filename*0*=", b"Date:", b"undefined", b"idna",
)  # fmt: skip
WORDS: dict[str, tuple[bytes, ...]] = {
    "addresses": (
        b"http://", b"https://", b"[::1]", b"%00", b"%2e", b"xn--", b"0x7f", b"\xe3\x80\x82", b"@", b":80", b"#",
        b"?",
    ),
    "csv": (
        b'"', b'""', b"\r\n", b"sep=;", b"text", b"published", b"authors", b"\t",
    ),
    "dates": (
        b"2024-06-19", b"0001-01-01", b"9999-12-31", b"T23:59:59", b"+23:59", b"-23:59", b"Z", b"June", b"19",
        b"PST", b"-0000",
    ),
    "docx": (
        *_XML,
        b"<w:p>", b"</w:p>", b"<w:r>", b"<w:t>", b"</w:t>", b"<w:tbl>", b"</w:tbl>", b"<w:tr>", b"<w:tc>",
        b"</w:tc>", b"</w:tr>", b"<w:del>", b"<w:txbxContent>", b"w:val=", b"PartName=", b"\xffword/document.xml\n",
        b"\xff[Content_Types].xml\n",
    ),
    "eml": _MAIL,
    "feed": (
        *_XML, *_HTML,
        b"<item>", b"</item>", b"<entry>", b"<content", b'type="html"', b'mode="base64"',
    ),
    "html": (
        *_HTML,
        b'"@type":', b'"@id":', b'"author":', b"datePublished",
    ),
    "json": (
        b'"text":', b'"title":', b'"url":', b'"articles":', b'"date":', b'"time":', b"[{", b"},{", b"}]", b"null",
    ),
    "jsonl": (
        b'"text":', b'"title":', b'"authors":', b'"published":', b'"url":', b"\\ud800", b"1e999", b"NaN", b"null",
        b"<b>",
    ),
    "markdown": (
        b"---\n", b"!!python/", b"&a", b"*a", b"<<:", b"title:", b"published:", b"```", b"| - |", b"[a](", b"<b>",
    ),
    "markup": _HTML,
    "mbox": (
        *_MAIL,
        b"\n\nFrom a 10:30\n",
    ),
    "pdf": (
        b" 0 obj", b"endobj", b"stream\n", b"endstream", b"/Type", b"/Kids", b"/Parent", b"/Contents", b"/Filter",
        b"/FlateDecode", b"/LZWDecode", b"/ASCII85Decode", b"/RunLengthDecode", b"/DecodeParms", b"/Predictor 12",
        b"/Columns", b"/ToUnicode", b"/Encoding", b"/Differences", b"/Type0", b"/DescendantFonts", b"/Identity-H",
        b"/XObject", b"/ObjStm", b"/XRef", b"/Prev", b"/Encrypt", b"/Widths", b"/FirstChar", b" Tj", b" TJ", b" Tf",
        b" Tm", b" cm", b" Do", b"q ", b"Q ", b"BI ", b" ID ", b" EI", b"<<", b">>", b" 0 R", b"beginbfrange",
        b"null", b"startxref\n",
    ),
    "robots": (
        b"User-agent:", b"Disallow:", b"Allow:", b"Crawl-delay:", b"inf", b"nan", b"1e999", b"Request-rate:", b"*",
        b"$",
    ),
    "rtf": (
        b"{", b"}", b"\\*", b"\\par ", b"\\'e9", b"\\u8217?", b"\\uc0", b"\\bin9 ", b"\\v ", b"\\cell ", b"\\row ",
        b"\\intbl ",
        b"\\fonttbl", b"\\fcharset128", b"\\f1", b"\\ansicpg932", b"\\fldinst", b"End of Document\\par ",
    ),
    "sitemap": (
        *_XML,
        b"<url>", b"</url>", b"<loc>", b"</loc>", b"<lastmod>", b"<sitemap>",
    ),
    "text": (
        b"Title: ", b"By ", b"Published: ", b"Related:\n", b"Subscribe to ", b"\xe2\x80\x8d", b"\xe2\x80\xa8",
        b"\xef\xbb\xbf", b"End of Document\n", b"Length: 5 words\n", b"2 of 9 DOCUMENTS\n", b"Body\n", b"HD x\n",
        b"41 words\n", b"5 March 2026\n", b"Document OAKH000020260305em350001x\n", b"____________________\n",
        b"Full text: ",
    ),
    "unnamed": (
        b"%PDF-", b"PK\x03\x04", b"<rss", b"<urlset", b"<html", b'{"', b"From ",
    ),
    "xml": _XML,
    "zip": (
        b"\xffa.txt\n", b"\xff../a\n", b"\xffa.docx\n", b"PK\x01\x02", b"PK\x03\x04", b"PK\x05\x06", b"PK\x06\x06",
    ),
}  # fmt: skip

"""What downloads of news services look like, each with the same two articles or more."""

from __future__ import annotations

import textwrap

HARBOUR = (
    "The harbour of Oakvale will close for three weeks in March, the port authority said on Thursday, because divers "
    "found cracks in the eastern pier."
)
FERRIES = "Ferries will leave from Northpoint until the work is done, and 2,400 passengers a day will have to change."
MAYOR = (
    "The mayor of Elmport has withdrawn her plan for a toll on the old bridge after a meeting that lasted until "
    "midnight, her office said."
)

NEXIS = f"""User Name: reader@example.org
Date and Time: Monday, 6 July 2026 10:11:00 o'clock
Job Number: 123456789
Documents (2)
1. Harbour closes for three weeks
Client/Matter: -None-
Search Terms: harbour
2. Mayor withdraws toll on the bridge
Client/Matter: -None-
| About LexisNexis | Privacy Policy | Terms & Conditions | Copyright © 2026 LexisNexis
Harbour closes for three weeks
Oakvale Herald
March 5, 2026 Thursday
Late Edition
Copyright 2026 Oakvale Press All Rights Reserved
Section: Section A; Column 0; Pg. 1
Length: 41 words
Byline: By ANA RUIZ and TOM HALE
Dateline: OAKVALE
Body

{HARBOUR}

{FERRIES}

Classification

Language: ENGLISH
Publication-Type: Newspaper
Subject: HARBORS & PORTS (90%); FERRIES (78%)
Load-Date: March 6, 2026

End of Document
Mayor withdraws toll on the bridge
The Elmport Post (Elmport)
March 7, 2026 Saturday 9:15 PM GMT
Copyright 2026 Elmport Media Limited All Rights Reserved
Section: NEWS
Length: 24 words
Highlight: A meeting until midnight
Body

{MAYOR}

Load-Date: March 7, 2026

End of Document
"""

OLD_NEXIS = f"""
                               1 of 2 DOCUMENTS


                               Oakvale Herald

                            March 5, 2026 Thursday
                              Late Edition - Final

Harbour closes for three weeks

BYLINE: By ANA RUIZ and TOM HALE

SECTION: Section A; Column 0; Pg. 1

LENGTH: 41 words

 BODY:
{textwrap.fill(HARBOUR, 78)}

{textwrap.fill(FERRIES, 78)}

LOAD-DATE: March 6, 2026

LANGUAGE: ENGLISH

PUBLICATION-TYPE: Newspaper

                       Copyright 2026 Oakvale Press
                              All Rights Reserved


                               2 of 2 DOCUMENTS


                          The Elmport Post (Elmport)

                       March 7, 2026 Saturday 9:15 PM GMT

Mayor withdraws toll on the bridge

SECTION: NEWS

LENGTH: 24 words

{textwrap.fill(MAYOR, 78)}

LOAD-DATE: March 7, 2026

LANGUAGE: ENGLISH
"""

FACTIVA = f"""
Local News
Harbour closes for three weeks

By Ana Ruiz and Tom Hale
41 words
5 March 2026
Oakvale Herald
OAKH
A1
English
Copyright 2026 Oakvale Press. All rights reserved.

{HARBOUR}

{FERRIES}

Document OAKH000020260305em350001x

Mayor withdraws toll on the bridge

24 words
7 March 2026
21:15
The Elmport Post (Elmport)
ELMP
English
(c) 2026 Elmport Media

{MAYOR}

Document ELMP000020260307em3700012

Search Summary
Text: harbour or bridge
Results Found: 2
"""

FACTIVA_CODES = f"""HD   Harbour closes for three weeks
BY   By Ana Ruiz and Tom Hale
WC   41 words
PD   5 March 2026
SN   Oakvale Herald
SC   OAKH
LA   English
CY   Copyright 2026 Oakvale Press.

LP
{HARBOUR}

TD
{FERRIES}

NS   gtrans : Transport
RE   oak : Oakvale
PUB  Oakvale Press
AN
Document OAKH000020260305em350001x

HD
Mayor withdraws toll on the bridge
WC
24 words
PD
7 March 2026
ET
21:15
SN
The Elmport Post (Elmport)
SC
ELMP
LA
English
LP
{MAYOR}
AN
Document ELMP000020260307em3700012
"""

PROQUEST = f"""____________________________________________________________

Report Information from ProQuest
06 July 2026 10:11
____________________________________________________________

Document 1 of 2

Harbour closes for three weeks

Author: Ruiz, Ana; Hale, Tom

Publication info: Oakvale Herald, Late Edition; Oakvale [Oakvale]05 Mar 2026: A.1.

Links: http://resolver.example.org/?x=1

Full text: {HARBOUR}

{FERRIES}

Subject: Harbors; Ferries

Location: Oakvale

Title: Harbour closes for three weeks

Publication title: Oakvale Herald, Late Edition; Oakvale

First page: A.1

Publication year: 2026

Publication date: Mar 5, 2026

Source type: Newspaper

Language of publication: English

ProQuest document ID: 2371234567

Copyright: Copyright Oakvale Press Mar 5, 2026

Last updated: 2026-03-06

Database: Newsstream

____________________________________________________________

Document 2 of 2

Mayor withdraws toll on the bridge

Full text:

{MAYOR}

Title: Mayor withdraws toll on the bridge

Publication title: The Elmport Post (Elmport)

Publication date: Mar 7, 2026

Language of publication: English

ProQuest document ID: 2371234599

Database: Newsstream

____________________________________________________________

Contact us at: http://help.example.org
Database copyright © 2026 ProQuest LLC. All rights reserved.
"""

DOWNLOADS = {
    "Nexis": NEXIS, "counted Nexis": OLD_NEXIS, "Factiva": FACTIVA, "Factiva by letters": FACTIVA_CODES,
    "ProQuest": PROQUEST,
}  # fmt: skip

"""The words in which pages say how a standard is held, as ordered data;
apart from one search nothing here acts.

Each table is searched whole; the reader takes the cue that stands nearest to a mention. The
vocabulary is that of the field (certified, attested, authorized, in process, …) and knows no
standard, no vendor and no page.
"""

from __future__ import annotations

import re

_HELD = (
    r"(?:certified(?! (?:public|internal|information|professional|ethical|fraud)\b)|compliant"
    r"|accredited|attested|authori[sz]ed|audited|assessed|validated|registered|listed|covered"
    r"|eligible|approved|verified|evaluated|examined|enrolled)"
)
_BE = r"(?:is|are|was|were|am|be|been|being|'re|'m|'s)"
_NOT = r"(?:not|never|no longer|neither)"
_ADVERB = (
    r"(?:\s(?:\w+ly|now|also|currently|already|both|still|now|all|each|yet|once|since|again"
    r"|successfully))*"
)


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


BASES: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "self-attested",
        _any(
            r"\bself[- ](?:attest|assess|certif|declar|evaluat)\w*",
            r"\bCAIQ\b",
            r"\bSAQ(?:[- ][A-D](?:-\w+)?)?\b",
        ),
    ),
    ("provisional", _any(r"\bprovisional(?:ly)?\b", r"\bP-?ATO\b")),
    (
        "authorized",
        _any(r"\bauthori[sz]\w+", r"\bauthority to operate\b", r"\bATO\b", r"\baccredit\w+"),
    ),
    (
        "contract",
        _any(
            r"\bbusiness associate\b",
            r"\bBAAs?\b",
            r"\bdata processing (?:agreement|addend\w+)",
            r"\bDPAs?\b",
            r"\b(?:contractual|model) clauses\b",
            r"\bSCCs?\b",
        ),
    ),
    ("certified", _any(r"\bcertif\w+(?! public accountant)", r"\bawarded\b")),
    ("attested", _any(r"\battest\w*", r"\breports?\b", r"\bAOCs?\b")),
    (
        "audited",
        _any(
            r"\baudit\w*",
            r"\bassess(?:ed|ment|ments|es)?\b",
            r"\bexamin\w+",
            r"\bvalidat\w+",
            r"\bverif\w+",
        ),
    ),
    (
        "aligned",
        _any(
            r"\balign\w*",
            r"\bin line with\b",
            r"\bconsistent with\b",
            r"\bfollow\w*",
            r"\badher\w+",
        ),
    ),
    (
        "covered",
        _any(r"\bcover\w*", r"\bcompl\w+", r"\bmeets?\b", r"\bconform\w*", r"\bparticipat\w+"),
    ),
    ("listed", _any(r"\blist(?:ed|ing)\b", r"\bregist\w+")),
)
"""Basis → the words that say it; the first that stands in the clause counts."""

EVENT = _any(
    r"\b(?:certificat(?:ion|ions|e|es)|attestations?|authori[sz]ations?|accreditations?"
    r"|validations?|assessments?|audits?|auditing|examinations?|reports?|registrations?|label"
    r"|compliance|coverage|scope|letters?|results?|registry|ATO|P-ATO|AOCs?|BAAs?|agreements?"
    r"|audit reports?)\b"
)
"""What one may hold of a standard: after a leading mention it makes the sentence speak of holding,
not of the standard.
"""

GENERIC = re.compile(
    r"^(?:your |the |customer )?use of\b|^(?:the |these |those |this |that |any |all |each "
    r"|every |many |most |some |other |such |both |no |its |their |a |an |covered |in-scope "
    r"|large |small |eligible |federal |your |new |existing |modern |qualified |individual "
    r"|potential |eu |us |u\.s\. |european )*"
    r"(?:3PAOs?|CSOs?|offer[eo]rs?|(?:cloud|saas|paas|iaas|information|federal|agency"
    r"|third[- ]party|jab) (?:services?|systems?|products?|offerings?|applications?"
    r"|platforms?)|customers?|clients?|organi[sz]ations?|compan(?:y|ies)|business(?:es)?"
    r"|enterprises?|agenc(?:y|ies)|cloud service providers?|service providers?|providers?"
    r"|csps?|vendors?|suppliers?|entit(?:y|ies)|business associates?|users?|auditors?"
    r"|developers?|you|who|people|individuals?|institutions?|merchants?|processors?"
    r"|controllers?|regulators?|governments?\b(?! (?:site|cloud|region|edition|plan|services?"
    r"|community))|manufacturers?|hospitals?|everyone|anyone|law|laws|regulations?|rules?"
    r"|standards?|frameworks?|act|control|controls|requirements?|catalog(?:ue)?|programs?"
    r"|programmes?|schemes?|audits?|assessors?|domains?|annex|purpose|scope of (?!our)|goal"
    r"|principles?|guidelines?|criteria|document|guide|section|chapter|appendix|example"
    r"|article|page|table|blueprint|template|workbook|matrix|spreadsheet|bad actors|expecting"
    r"|certification for|it is important|there (?:is|are)|difference|companies|features?"
    r"|measures?|following (?:services|products|features|offerings|components|regions|plans))\b",
    re.IGNORECASE,
)
"""Subjects that are nobody's product: what they must, may or do says nothing of the page's own."""

IMPERATIVE = re.compile(
    r"^(?:please\b|(?:then |next,? |simply |just |also |to )?(?:have|be|do|learn|log|see|read"
    r"|download|get|use|start|find|visit|contact|choose|review|check|make|build|consider"
    r"|ensure|refer|go|click|select|explore|discover|try|sign|request|view|open|watch|follow"
    r"|note|take|run|create|add|remove|set|configure|enable|disable|do not|don't|never|always"
    r"|understand|compare|verify|keep|ask|email|call|subscribe|register|talk|join|browse"
    r"|access|search|accelerate|deploy|turn|apply|follow|determine|consult|complete"
    r"|provide)\b(?! (?:by|from|under|to|of)\b))",
    re.IGNORECASE,
)
"""First words of an instruction to the reader: no claim."""

THING = re.compile(
    r"\b(?:sites?|services?|platforms?|products?|solutions?|applications?|apps?|clouds?"
    r"|(?:data|computing|hosting) ?cent(?:er|re)s?|infrastructure|environments?|systems?"
    r"|facilit(?:y|ies)|software|suite|offerings?|workloads?|hosting|modules?|regions?|plans?"
    r"|database|api|network|operations|teams?|subsidiar(?:y|ies)|portfolio|storage|servers?)\b",
    re.IGNORECASE,
)


HELD_LEAD = _any(
    r"\b(?:certified|compliant|accredited|attested|authori[sz]ed|audited|assessed|covered"
    r"|validated|registered)\b",
    r"\b(?:hold|holds|maintains?|achieved|obtained|received|earned|completed|comply|complies"
    r"|meets?|adheres?|conforms?|undergo(?:es)?|participates?)\b",
    r"\b(?:certifications?|attestations?|accreditations?|authori[sz]ations?"
    r"|compliance programs?|compliance programmes?|assurance programs?|audit reports"
    r"|compliance offerings?|compliance (?:certifications|standards|frameworks|reports)"
    r"|third[- ]party (?:audits?|certifications?|assessments?(?! organi[sz]ation)|reports?))\b",
)
PLANNED_LEAD = _any(
    r"\b(?:planned|in progress|in the works|in process|roadmap|upcoming|coming soon"
    r"|under ?way|working (?:on|towards?)|pursuing|pending|future|in the pipeline"
    r"|preparing for|in preparation)\b"
)
SUPPORTS_LEAD = _any(
    r"\b(?:help|helps|helping|support|supports|enable|enables|assist|assists|aligned|aligns"
    r"|align|designed|ready|follow|follows|guided by|controls from|guidance from|based on"
    r"|in line with)\b",
    r"\bcustomers? (?:compl|meet)\w*",
)
NOT_LEAD = _any(
    r"\b(?:not|n't|no longer)\b[^:]{0,40}\b(?:certified|compliant|accredited|authori[sz]ed"
    r"|eligible|hold|cover|covered|in scope|support|supported|offer|available)\w*",
    r"\b(?:does|do)(?:n't| not) (?:provide|cover|include|extend to|apply to)\b",
    r"\b(?:expired|lapsed|withdrawn|retired|former|previous) (?:certif|attest|accredit|authori)\w+",
)
ASIDE_LEAD = _any(
    r"\b(?:indicators?|filters?|fields?|columns?|values|removing|resources?|learn more"
    r"|further (?:reading|information)|more information|related|references?|see also"
    r"|next steps?|documentation|guides?|guidance|white ?papers?|blogs?|news|faqs?|glossary"
    r"|definitions?|background|what\b.*\b(?:is|are|means?)|overview|about|who (?:must|needs"
    r"|should)|why|templates?|blueprints?|how (?:to|do|can)|responsibilit\w+"
    r"|customers? (?:are|is) responsible|you (?:must|should|need|are)|training|contact"
    r"|requirements?|industr(?:y|ies)|regulations? (?:we|you) (?:track|watch)|links?)\b"
)
"""Leads and headings under which a bare name is no claim."""

UNDER_LEAD = _any(
    r"\b(?:performed|conducted|carried out|prepared|issued|examined) (?:under"
    r"|in accordance with|according to|based on|using)\W*$"
)
"""Leads above the rules that an examination kept to, which are background of what was examined."""

IN_SCOPE = re.compile(
    r"\b(?:in[- ]scope|covered|eligible|included|certified|authori[sz]ed|compliant|applicable"
    r"|within (?:the )?scope|scope)\b(?:[\w\s&,/'-]{0,40}?)\b(?:services?|products?"
    r"|platforms?|offerings?|applications?|features?|components?|workloads?|modules?"
    r"|solutions?|systems?|environments?|sites?)\b"
    r"|\b(?:services?|products?|platforms?|offerings?|applications?|features?|components?"
    r"|workloads?|modules?|solutions?|systems?"
    r"|environments?)\b(?:[\w\s&,/'-]{0,40}?)\b(?:in[- ]scope|in (?:the )?scope|covered"
    r"|eligible|included|within scope)\b",
    re.IGNORECASE,
)
SCOPE_OF = re.compile(
    r"\b(?:in|within|inside) (?:the |our )?(?:[\w.+/-]+ ){0,5}?(?:scope|boundary)\b|\bscope of\b"
    r"|\b(?:audit|certification|certificate|assessment|attestation|authori[sz]ation"
    r"|examination|report) scope\b"
    r"|^scope\b|\bscope$",
    re.IGNORECASE,
)
"""How a heading or lead that names a standard says that what follows is
in its scope ("in FedRAMP High scope").
"""
OUT_OF_SCOPE = re.compile(
    r"\b(?:outside|beyond) (?:of )?(?:the |our )?(?:[\w.+/-]+ ){0,5}?(?:scope|boundary)\b"
    r"|\b(?:not (?:in|within)|out of) (?:the )?(?:[\w.+/-]+ ){1,5}?scope\b"
    r"|\b(?:out[- ]of[- ]scope|out of (?:the )?scope|not (?:in|within) (?:the )?scope"
    r"|not in[- ]scope|exclu(?:ded|des|sions?)|not (?:covered|eligible|included|supported)"
    r"|non-(?:compliant|eligible|covered))\b",
    re.IGNORECASE,
)

TICK = re.compile(
    r"^(?:[✓✔☑✅●•■⬤🗸x×]|:(?:heavy_|white_)?check_mark:|:ballot_box_with_check:|yes|y|true|ja"
    r"|oui|s[íì]|sim|vorhanden|zertifiziert|enthalten|inclus|included|in[- ]scope|covered"
    r"|certified|compliant|authori[sz]ed|available|supported|attested|(?:green "
    r"|blue )?(?:check(?:ed|[ -]?mark)?|tick(?:ed)?(?: mark)?)(?: icon)?|full|fully|complete"
    r"|completed|achieved|implemented|in place|in force|maintained|active|current|approved"
    r"|validated|audited"
    r"|eligible)\W*(?:[*†‡§¹²³\d\[\]()a-z]{0,4})?(?:\s*\((?P<condition>[^()]{5,120})\))?$",
    re.IGNORECASE,
)
BLANK = re.compile(
    r"^(?:[\s\-–—_/.]*|n\.?/?a\.?|none|tbd|tba|not applicable|not required|-)$", re.IGNORECASE
)
NO = re.compile(
    r"^(?:[✗✘❌✕☐○]|:(?:negative_squared_)?(?:x|cross_mark):|no|n|false|nein|non|não|nee"
    r"|nicht \w+|(?:red )?cross(?:ed)?(?: mark| icon)?|x mark|unchecked|not (?!applicable"
    r"|required|relevant|determined)\w+(?: \w+){0,2})\W*$",
    re.IGNORECASE,
)
NOT_TICK = re.compile(
    r"\b(?:in process|in progress|planned|pending|under (?:review|assessment)|review"
    r"|assessment|ready|submitted|scheduled|expected|coming|roadmap|q[1-4]|20\d\d|not)\b",
    re.IGNORECASE,
)

FUNCTION = frozenset(
    re.findall(
        r"\S+",
        """
        about let this that these those there it we you your our they the a an and or in of for to
        with all any each yes no how what why when where which who please see learn note below above
        here common typical additional other both some many most several various as by at on from so
        thus hence then but because although though whether until given through however therefore if
        while since upon under during after before once also not are is do does can will has have
        use using contact""",
    )
)
COMMON = FUNCTION | frozenset(
    re.findall(
        r"\S+",
        """
        security compliance privacy data information customer customers overview acts act law
        certification report reports audit audits standard standards service services cloud product
        products platform policy trust center centre page article guide document regulation
        regulations requirements access encryption health healthcare organization organizations
        state third-party physical network management system systems controls control framework
        program programs application applications protection governance risk certifications
        attestations attestation regulatory validation responsibility responsibilities shared model
        faq faqs questions frequently asked resources subprocessors sub-processors docs
        documentation help support blog home learn developer developers portal legal website wiki
        handbook details terms agreement agreements addendum authorization government federal team
        settings organization's plan plans enterprise status scope type level united states european
        union department low moderate high subcontractors sub-contractors vendors suppliers
        providers processors controllers annex art article articles supported available included
        regions practices list lists sub-processor measures third party assessor assessors
        assessment assessments criteria readiness reference authority process procedures annual
        january february march april may june july august september october november december""",
    )
)

BESIDE_BRANDS = frozenset(
    re.findall(
        r"\w+",
        """the a an of and for in at to on by with cloud data security platform trust service
        services center centre portal systems system group software health page policy privacy
        compliance faq help docs guide care bank online for our der die das und für de la le et del
        los las y est is are what how why your you it und da do""",
    )
)
"""Words of titles and site names that are not the vendor's name."""

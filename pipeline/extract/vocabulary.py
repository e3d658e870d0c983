"""The words in which pages say how a standard is held, as ordered data; apart from one search nothing here acts.

Each table is searched whole; the reader takes the cue that stands nearest to a mention. The vocabulary is that of the
field (certified, attested, authorized, in process, …) and knows no standard, no vendor and no page.
"""

from __future__ import annotations

import re

from pipeline import words
from pipeline.model import Stance

_HELD = r"(?:certified(?! (?:public|internal|information|professional|ethical|fraud)\b)|compliant|accredited|attested|authori[sz]ed|audited|assessed|validated|registered|listed|covered|eligible|approved|verified|evaluated|examined|enrolled)"
_BE = r"(?:is|are|was|were|am|be|been|being|'re|'m|'s)"
_NOT = r"(?:not|never|no longer|neither)"
_ADVERB = r"(?:\s(?:\w+ly|now|also|currently|already|both|still|now|all|each|yet|once|since|again|successfully))*"


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


CUES: tuple[tuple[Stance, re.Pattern[str]], ...] = (
    (
        "not_claimed",
        _any(
            rf"\b(?:{_BE}|has|have|had)(?:n't|(?:\s(?:currently|presently|yet|still|also|at present))?\s{_NOT})\b[^;]{{0,70}}?\b(?:{_HELD}|compliance|in scope|supported|sign(?:ed)?|complet\w+|undergone|achieved|obtained|received|pursu\w+|renewed)\b",
            r"\b(?:do|does|did|can|could|will|would|may|must|should)(?:n't|\s?not|\snever|\sno longer)\b[^;]{0,70}?\b(?:hold|have|offer|sign|support|maintain|comply|meet|participate|carry|be used|enter into|claim|possess|certify|undergo|pursue)s?\b",
            rf"\b{_BE}\b(?: \w+)? (?:previously|formerly|once|originally)\b.{{0,40}}?\b{_HELD}\b",
            rf"\b(?:previously|formerly)\b {_HELD}\b",
            r"\b(?:unable|not able) to\b.{0,40}?\b(?:sign|offer|provide|support|enter|meet|comply|hold)\b",
            rf"\b{_BE}\b(?: \w+)? out of scope\b",
            r"\bno longer\b[^;]{0,50}?\b(?:hold|have|offer|sign|provide|support|maintain|compl|meet|participate|carr|certif|cover|list)\w*",
            r"\b(?:certificat\w+|registration|authori[sz]ation|attestation|accreditation|reports?|listing|label|participation|membership|it)\b[^;]{0,40}?\b(?:has |have |was |were )?(?:lapsed|expired|been withdrawn|been revoked|withdrawn|revoked|discontinued|retired)\b",
            r"\bnot (?:yet )?(?:\w+ )?(?:renewed|certified|compliant|accredited|authori[sz]ed|available for)\b",
            r"\b(?:withdrawn|withdrew|withdraws|resigned) from\b|\b(?:stopped|ceased|discontinued) (?:its |our )?participat\w+",
            r"\b(?:lacks?|without)\b (?:a |an |any )?[^;,]{0,30}?\b(?:certificat\w+|attestation|authori[sz]ation|accreditation)\b",
            r"\b(?:has|have|holds?|offers?|carr(?:y|ies)|maintains?|provides?|possess(?:es)?|signs?) no\b[^;]{0,40}?\b(?:certificat\w+|attestation|authori[sz]ation|accreditation|reports?|label|plans?|BAAs?|agreements?)\b",
            r"\bnot (?:currently )?(?:in scope|covered|supported|offered)\b",
        ),
    ),
    (
        "planned",
        _any(
            r"\bis an? (?:\w+ )?(?:priority|goal|objective|target)\b",
            r"\b(?:is|are|am|'re)(?: currently| actively)? (?:evaluating|considering|exploring|investigating)\b",
            r"\bstrives? to\b",
            r"\b(?:will|shall|'ll) be\b.{0,40}?\b(?:certified|compliant|accredited|attested|authori[sz]ed|audited|assessed|validated|listed|in scope)\b",
            r"(?<!\brole )(?<!\bstep )(?<!\bpart )(?<!\bphase )\bin the [^;]{0,40}?\bprocess\b",
            r"\b(?:engaged|selected|hired|contracted)\b.{0,60}?\bto (?:begin|start|perform|conduct|complete|assess|audit)\b",
            r"\b(?:anticipates?|expects?) (?:receiving|achieving|completing|obtaining|earning|finishing|becoming)\b",
            r"\bwork(?:s|ing|ed)? (?:[\w ]{0,40}? )?(?:toward|towards|on|to (?:achieve|obtain|become|complete|attain|earn|gain|get))\b",
            r"\b(?:is|are|am|currently|actively|now|'re|'m)? ?(?:pursu(?:e|es|ing)(?! (?:your|their)\b)|seek(?:s|ing)?|targeting|aiming (?:for|to|at)|striving)\b",
            r"\bin (?:the )?process\b(?: of)?",
            r"\b(?:in progress|in the works|under ?way|under (?:review|assessment|evaluation|development|way)|in (?:review|evaluation|preparation|development|flight))\b",
            r"\b(?:undergoing|preparing (?:for|to)|awaiting|candidate for|on track (?:to|for)|on (?:our|the|its|their) roadmap|roadmap)\b",
            r"\b(?:(?:plans?|intends?|aims?|hopes?) to\b|(?:expects?|anticipates?) (?:to|its|our|the|an?)\b|plans? for\b|due (?:for|by|in)\b|planned|planning|intended to|expected|anticipated|scheduled|estimated|slated)(?: to\b| for\b| by\b| in\b| (?:FedRAMP|certification))?(?: (?:be|become|achieve|obtain|receive|complete|attain|earn|gain|undergo|have|get)\b)?",
            r"\b(?:will|shall|'ll)\b(?: (?:be|soon|also|then|become))*? (?:certified|compliant|accredited|attested|authori[sz]ed|audited|assessed|validated|listed|achieve|obtain|receive|complete|attain|earn|gain|undergo|pursue|seek|apply|begin|start|finish|hold)\b",
            r"\b(?:pending|submitt(?:ed|ing)|in pursuit of|appl(?:ied|ying) (?:for|to)|coming soon|upcoming|forthcoming|in the pipeline|started the|has begun|have begun|have started|has started|kicked off|initiated)\b",
        ),
    ),
    (
        "supports",
        _any(
            r"\b(?:uses?|using|utilizes?|leverages?)\b.{0,60}?\bas (?:guidance|an? (?:guide|baseline|framework|reference)|the basis)\b",
            r"\b(?:based|built|modell?ed) (?:up)?on\b",
            r"\b(?:builds?|built|operates?|runs?|works?|develops?|engineers?) (?:[\w-]+ ){0,4}to (?=[^;]{0,60}\b(?:standards?|requirements)\b)",
            r"\b(?:making|makes?|made) it (?:easy|easier|simple|simpler|possible)\b.{0,40}?\bto \w+(?: with)?\b",
            r"\b(?:help|assist|enabl|allow|let|support|empower|guid)(?:s|es|ing|e)?\b (?:\w+ |your |our ){0,4}?(?:customers?|you|users?|organi[sz]ations?|teams?|clients?|agencies|businesses|companies|developers)\b[^;]{0,60}?\b(?:meet(?:ing)?|comply|compl\w+|achiev(?:e|ing)|address|satisfy|support|demonstrate|fulfil\w*|obligations?|requirements?|with)\b",
            r"\b(?:help|assist)(?:s|ing)?\b (?:to |support |meet |ensure |achieve |address |facilitate |you |with |comply |in |your |our )+",
            r"\b(?:designed|built|engineered|architected|intended|created|developed|optimi[sz]ed|configured)\b[^;,]{0,30}?\b(?:to|for|with|in)\b (?:\w+ ){0,2}?(?:meet|support|comply|align|help|satisfy|enable|facilitate|conform|compliance|mind)?",
            r"\b(?:align|aligns|aligned|aligning|alignment)\b(?: \w+)? (?:with|to)\b",
            r"\bsupport(?:s|ing|ed)? (?:\w+ |your |our |customers'? |[\w-]+'s ){0,4}?(?:compliance|obligations?|requirements?|needs|efforts|workloads)\b",
            r"\bsupport(?:s|ed)?\b",
            r"[\w)][- ]aligned(?:\W*$| (?=processing|practices|controls|policies|security))",
            r"\bcan be used\b[^;,]{0,40}?\b(?:in compliance|to comply|in accordance|to meet|to support|compliant)\b",
            r"\b(?:facilitat|simplif|accelerat|streamlin)\w+\b",
            r"\b(?:in line|consistent|in accordance|in keeping|in alignment|compatible) with\b",
            r"\b(?:meeting|ensuring|maintaining|enabling|facilitating|making it|to ensure|to maintain|contributes? to|suitable|ideal|viable|great|good) (?:\w+ ){0,3}?(?:compliance|requirements?|host|home|fit|choice|for)\b",
            r"\b(?:follow|adopt|implement|leverag|appl|model|map|draw)(?:s|es|ed|ied|ing|led|ped|ies)?\b(?: \w+){0,3}? (?:on|to|from|the|with|best|controls?|guid\w+|principles|framework|model|recommendations?)\b",
            r"\b(?:deploy|build|host|run|creat|develop|operat)(?:ing|s)? (?:\w+ ){0,3}?[\w-]+[- ]compliant\b",
            r"\b(?:ready|readiness)\b",
        ),
    ),
    (
        "claimed",
        _any(
            r"\b(?:operates?|operating|operated)(?: as (?:an?|the) [^,;]{3,60}?)? under\b",
            r"\b(?:demonstrat|reflect|underscor|confirm|prov|show)(?:es|s|ed)?\b (?:our|its|the|their) .{0,30}?\b(?:commitment|dedication|compliance|security)\b",
            rf"\b{_BE}\b(?: \w+)? (?:completed|achieved|obtained|granted|awarded|received|renewed|conducted|performed|issued)\b",
            r"\brel(?:y|ies|ied|ying) (?:up)?on\b.{0,40}?\bclauses\b",
            r"\bBAAs? (?:is |are )?(?:included|available|signable|offered|provided)\b",
            rf"\b{_BE}\b(?: \w+)? (?:in scope|in-scope|within (?:the )?scope)\b",
            r"\b(?:is|are) an? (?=.{0,50}?(?-i:[A-Z]{2,})).{2,60}?\b(?:service provider|provider|participant|member|signatory|supplier|organi[sz]ation|company)\b",
            r"\b(?:reports?|certificates?|attestations?|letters?)\b.{0,30}?\bcovers?\b",
            rf"\b(?:{_BE}|has been|have been|gets?|got|became|becomes?|remains?|stays?)\b{_ADVERB}[^;]{{0,50}}?[\w-]*\b{_HELD}\b",
            rf"[- ]{_HELD}\b(?<!listed)|[- ]listed\b(?! (?:under|below|above|here)\b)",
            rf"^\W*{_HELD}\b",
            r"\b(?:holds?|held|maintains?|maintained|carr(?:y|ies)|possess(?:es)?|achieved?|achieves|obtain(?:ed|s)?|receiv(?:e|ed|es)|earn(?:ed|s)?|attain(?:ed|s)?|gain(?:ed|s)?|award(?:ed|s)|secured|won|granted|renewed|passed|complet(?:ed|es)|(?<=\bwe )complete|undergo(?:es|ne)?|underwent|successfully)\b",
            r"\b(?:complies|comply|complied|complying|conforms?|conformed|adheres?|adhered|adhering|abides?|abiding|satisf(?:y|ies|ied)|fulfils?|fulfills?|fulfilled|meets?|met)\b",
            r"\b(?:in|full|fully in|maintain|maintains|demonstrated?|demonstrates|proof of|remains? in|committed to) (?:\w+ )?(?:compliance|conformity|conformance|accordance)\b(?! (?:manager|cent(?:er|re)|portal|team|officer|program))",
            r"\b(?:participat(?:e|es|ed|ing)|enroll?ed|self-(?:certif|attest|assess)\w+|signator\w+|subscrib\w+)\b",
            r"\b(?:offers?|offered|offering|provides?|signs?|signed|execut(?:e|es|ed)|enters?|entered|entering|make|makes|made|incorporates?|includes?)\b[^;]{0,60}?\b(?:agreements?|addend(?:ums?|a)|amendments?|contracts?|clauses|SCCs?|BAAs?|DPAs?|terms)\b",
            r"\b(?:agreements?|addend(?:ums?|a)|amendments?|clauses|BAAs?|DPAs?|reports?|certificates?|attestations?|letters?|AOCs?|certifications?|results?)\b[^;]{0,40}?\b(?:is|are|can be|may be|will be)\b[^;]{0,25}?\b(?:available|obtained|requested|downloaded|provided|published|issued|viewed|accessed|found)\b",
            r"\b(?:provides?(?: (?:\w+ ){1,4}with)?|issues?|publish(?:es)?)\b(?= (?-i:[A-Z]))[^;]{0,60}?\b(?:reports?|certificates?|attestations?)\b",
            r"\b(?:such as|including|through|via) (?:our |its )?(?:annual|yearly|regular)\b[^;]{0,60}?\b(?:audits?|assessments?|certifications?|examinations?)\b",
            r"\b(?:has|have)\b(?: \w+){0,2}? (?:a|an|its|our|their|the|both|full|multiple|several|current|valid|active|(?-i:[A-Z])\S*)\b",
            r"\b(?:auditors?|assessors?|firms?|bod(?:y|ies)|third[- ]part(?:y|ies))\b[^;]{0,40}?\b(?:assess|audit|examine|review|evaluate|test|certif|verif|validate|attest)\w*\b",
            r"\b(?:first|among the first)\b[^;]{0,60}?\bto (?:\w+ )?(?:receive|achieve|earn|obtain|hold|adhere|comply|adopt|incorporate|attain|meet|sign|be)\b",
            r"\b(?:classification|registration|listing|membership) (?:to|in|on|under)\b",
        ),
    ),
)
"""Stance → the words that say it, from the strictest down: at equal distance the stricter one counts."""

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
    r"\b(?:certificat(?:ion|ions|e|es)|attestations?|authori[sz]ations?|accreditations?|validations?|assessments?|audits?|auditing|examinations?|reports?|registrations?|label|compliance|coverage|scope|letters?|results?|registry|ATO|P-ATO|AOCs?|BAAs?|agreements?|audit reports?)\b"
)
"""What one may hold of a standard: after a leading mention it makes the sentence speak of holding, not of the standard."""

GENERIC = re.compile(
    r"^(?:your |the |customer )?use of\b|^(?:the |these |those |this |that |any |all |each |every |many |most |some |other |such |both |no |its |their |a |an |covered |in-scope |large |small |eligible |federal |your |new |existing |modern |qualified |individual |potential |eu |us |u\.s\. |european )*"
    r"(?:3PAOs?|CSOs?|offer[eo]rs?|(?:cloud|saas|paas|iaas|information|federal|agency|third[- ]party|jab) (?:services?|systems?|products?|offerings?|applications?|platforms?)|customers?|clients?|organi[sz]ations?|compan(?:y|ies)|business(?:es)?|enterprises?|agenc(?:y|ies)|cloud service providers?|service providers?|providers?|csps?|vendors?|suppliers?|entit(?:y|ies)|business associates?|users?|auditors?|developers?|you|who|people|individuals?|institutions?|merchants?|processors?|controllers?|regulators?|governments?\b(?! (?:site|cloud|region|edition|plan|services?|community))|manufacturers?|hospitals?|everyone|anyone|law|laws|regulations?|rules?|standards?|frameworks?|act|control|controls|requirements?|catalog(?:ue)?|programs?|programmes?|schemes?|audits?|assessors?|domains?|annex|purpose|scope of (?!our)|goal|principles?|guidelines?|criteria|document|guide|section|chapter|appendix|example|article|page|table|blueprint|template|workbook|matrix|spreadsheet|bad actors|expecting|certification for|it is important|there (?:is|are)|difference|companies|features?|measures?|following (?:services|products|features|offerings|components|regions|plans))\b",
    re.IGNORECASE,
)
"""Subjects that are nobody's product: what they must, may or do says nothing of the page's own."""

IMPERATIVE = re.compile(
    r"^(?:please\b|(?:then |next,? |simply |just |also |to )?(?:have|be|do|learn|log|see|read|download|get|use|start|find|visit|contact|choose|review|check|make|build|consider|ensure|refer|go|click|select|explore|discover|try|sign|request|view|open|watch|follow|note|take|run|create|add|remove|set|configure|enable|disable|do not|don't|never|always|understand|compare|verify|keep|ask|email|call|subscribe|register|talk|join|browse|access|search|accelerate|deploy|turn|apply|follow|determine|consult|complete|provide)\b(?! (?:by|from|under|to|of)\b))",
    re.IGNORECASE,
)
"""First words of an instruction to the reader: no claim."""

THING = re.compile(
    r"\b(?:sites?|services?|platforms?|products?|solutions?|applications?|apps?|clouds?|(?:data|computing|hosting) ?cent(?:er|re)s?|infrastructure|environments?|systems?|facilit(?:y|ies)|software|suite|offerings?|workloads?|hosting|modules?|regions?|plans?|database|api|network|operations|teams?|subsidiar(?:y|ies)|portfolio|storage|servers?)\b",
    re.IGNORECASE,
)

BACKGROUND = _any(
    r"\b(?:as )?(?:required|defined|described|mandated|specified|set out) (?:by|in|under)(?: \w+){0,2}$",
    r"\b(?:publish|creat|develop|establish|defin|introduc|releas|enact|administer|overs[ea]e)\w*\b(?: the| a| an| its)?(?: \w+)?$",
    r"\b(?:builds?|built|based|founded|modell?ed|rests?|draws?|derived|adapted|extends?|extension|top)\b (?:up)?(?:on|of|from)(?: top of)?(?: \w+){0,3}$",
    r"\b(?:incorporat|combin|harmoni[sz]|referenc|mapp?|cross-?walk|relat|compar|equivalen|similar|akin|analogous|precursor|successor|predecessor|replac)\w*(?: to| with| from)?(?: \w+){0,3}$",
    r"\b(?:like|unlike|beyond|than|versus|vs\.?|as defined (?:in|by)|within the meaning of)(?: \w+){0,2}$",
)
"""Words right before a mention that make it the background of another one."""

HELD_LEAD = _any(
    r"\b(?:certified|compliant|accredited|attested|authori[sz]ed|audited|assessed|covered|validated|registered)\b",
    r"\b(?:hold|holds|maintains?|achieved|obtained|received|earned|completed|comply|complies|meets?|adheres?|conforms?|undergo(?:es)?|participates?)\b",
    r"\b(?:certifications?|attestations?|accreditations?|authori[sz]ations?|compliance programs?|compliance programmes?|assurance programs?|audit reports|compliance offerings?|compliance (?:certifications|standards|frameworks|reports)|third[- ]party (?:audits?|certifications?|assessments?(?! organi[sz]ation)|reports?))\b",
)
PLANNED_LEAD = _any(
    r"\b(?:planned|in progress|in the works|in process|roadmap|upcoming|coming soon|under ?way|working (?:on|towards?)|pursuing|pending|future|in the pipeline|preparing for|in preparation)\b"
)
SUPPORTS_LEAD = _any(
    r"\b(?:help|helps|helping|support|supports|enable|enables|assist|assists|aligned|aligns|align|designed|ready|follow|follows|guided by|controls from|guidance from|based on|in line with)\b",
    r"\bcustomers? (?:compl|meet)\w*",
)
NOT_LEAD = _any(
    r"\b(?:not|n't|no longer)\b[^:]{0,40}\b(?:certified|compliant|accredited|authori[sz]ed|eligible|hold|cover|covered|in scope|support|supported|offer|available)\w*",
    r"\b(?:does|do)(?:n't| not) (?:provide|cover|include|extend to|apply to)\b",
    r"\b(?:expired|lapsed|withdrawn|retired|former|previous) (?:certif|attest|accredit|authori)\w+",
)
GONE = re.compile(
    r"\b(?:expired|lapsed|withdrawn|revoked|discontinued|no longer (?:held|valid|maintained))\b",
    re.IGNORECASE,
)
"""Words beside a bare name that say that it is held no more."""
ASIDE_LEAD = _any(
    r"\b(?:indicators?|filters?|fields?|columns?|values|removing|resources?|learn more|further (?:reading|information)|more information|related|references?|see also|next steps?|documentation|guides?|guidance|white ?papers?|blogs?|news|faqs?|glossary|definitions?|background|what\b.*\b(?:is|are|means?)|overview|about|who (?:must|needs|should)|why|templates?|blueprints?|how (?:to|do|can)|responsibilit\w+|customers? (?:are|is) responsible|you (?:must|should|need|are)|training|contact|requirements?|industr(?:y|ies)|regulations? (?:we|you) (?:track|watch)|links?)\b"
)
"""Leads and headings under which a bare name is no claim."""

UNDER_LEAD = _any(
    r"\b(?:performed|conducted|carried out|prepared|issued|examined) (?:under|in accordance with|according to|based on|using)\W*$"
)
"""Leads above the rules that an examination kept to, which are background of what was examined."""

IN_SCOPE = re.compile(
    r"\b(?:in[- ]scope|covered|eligible|included|certified|authori[sz]ed|compliant|applicable|within (?:the )?scope|scope)\b(?:[\w\s&,/'-]{0,40}?)\b(?:services?|products?|platforms?|offerings?|applications?|features?|components?|workloads?|modules?|solutions?|systems?|environments?|sites?)\b"
    r"|\b(?:services?|products?|platforms?|offerings?|applications?|features?|components?|workloads?|modules?|solutions?|systems?|environments?)\b(?:[\w\s&,/'-]{0,40}?)\b(?:in[- ]scope|in (?:the )?scope|covered|eligible|included|within scope)\b",
    re.IGNORECASE,
)
OUT_OF_SCOPE = re.compile(
    r"\b(?:out[- ]of[- ]scope|out of (?:the )?scope|not (?:in|within) (?:the )?scope|not in[- ]scope|exclu(?:ded|des|sions?)|not (?:covered|eligible|included|supported)|non-(?:compliant|eligible|covered))\b",
    re.IGNORECASE,
)

TICK = re.compile(
    r"^(?:[✓✔☑✅●•■⬤🗸x×]|:(?:heavy_|white_)?check_mark:|:ballot_box_with_check:|yes|y|true|included|in[- ]scope|covered|certified|compliant|authori[sz]ed|available|supported|attested|(?:green |blue )?(?:check(?:ed|[ -]?mark)?|tick(?:ed)?(?: mark)?)(?: icon)?|full|fully|complete|completed|achieved|implemented|in place|in force|maintained|active|current|approved|validated|audited|eligible)\W*(?:[*†‡§¹²³\d\[\]()a-z]{0,4})?(?:\s*\((?P<condition>[^()]{5,120})\))?$",
    re.IGNORECASE,
)
BLANK = re.compile(
    r"^(?:[\s\-–—_/.]*|n\.?/?a\.?|none|tbd|tba|not applicable|not required|-)$", re.IGNORECASE
)
NO = re.compile(
    r"^(?:[✗✘❌✕☐○]|:(?:negative_squared_)?(?:x|cross_mark):|no|n|false|(?:red )?cross(?:ed)?(?: mark| icon)?|x mark|unchecked|not (?!applicable|required|relevant|determined)\w+(?: \w+){0,2})\W*$",
    re.IGNORECASE,
)
NOT_TICK = re.compile(
    r"\b(?:in process|in progress|planned|pending|under (?:review|assessment)|review|assessment|ready|submitted|scheduled|expected|coming|roadmap|q[1-4]|20\d\d|not)\b",
    re.IGNORECASE,
)

ADVICE = _any(
    r"\b(?:must|should)\b(?! not\b)",
    r"\b(?:is|are) required to\b",
    r"\b(?:recommend|suggest|encourage|advise)s?\b(?: that)? (?:you|customers|using|your)\b",
    r"\byou (?:can|may|should|could|might|must|need)\b",
)
"""Words of a clause that tells the reader what to do."""
APPOSED_ASSESSOR = re.compile(
    r"^\W*[A-Z][^,]{0,60},\s+an?\s[^,]{0,60}\b(?:assessors?|auditors?|audit firm|firm|registrar|regulator|certification body|standards? body|agency)\b",
    re.IGNORECASE,
)
"""A name that the sentence itself says to be an assessor's or a regulator's."""


THEIRS = re.compile(
    r"\bour (?:\w+ )?(?:partners?|providers?|vendors?|suppliers?|sub-?processors?|hosts?|customers?|clients?|processors?|contractors?)\b",
    re.IGNORECASE,
)
"""Others whom a page calls its own: what they hold is theirs."""
PREDICATE = re.compile(
    r"^\W*\(?(?:(?:is|are)(?: not| currently| now| also| fully)* (?:supported|covered|in scope|offered|in progress|planned|under ?way|pending|on)\b"
    r"|(?:in progress|in process|planned|pending|under ?way|coming soon|expected|ready)\b)",
    re.IGNORECASE,
)
"""What stands right behind a standard's name when the vendor's holding of it is meant, not the standard."""


def plans(text: str) -> bool:
    """Return whether a text speaks of what is under way or to come."""
    planned = next(pattern for stance, pattern in CUES if stance == "planned")
    return (PLANNED_LEAD.search(text) or planned.search(words.straight(text))) is not None

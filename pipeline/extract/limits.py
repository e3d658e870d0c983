"""The words of sentences that limit or date what is held, as ordered data: a note is told from a claim by them."""

from __future__ import annotations

import re
from functools import lru_cache

from pipeline import words

_PAPER = r"(?:certificat\w+|attestations?|accreditations?|authori[sz]ations?|reports?|audits?|assessments?|scope|BAAs?|agreements?)"

QUALIFIES = re.compile(
    r"\b(?:although|even though|despite)\b.{0,160}\b(?:not|n't|no|still|currently|isn't)\b"
    r"|\b(?:is|are|was|were)(?: \w+)? (?:excluded|exempt|limited to|restricted to|discouraged|prohibited|not permitted|subject to)\b"
    r"|\bnot (?:all|every)\b"
    r"|\b(?:valid|validity)\b.{0,20}\b(?:for|until|through|till)\b"
    r"|\bcovers? the (?:\w+ )?period\b|\bperiod ends?\b|\baudit period\b|\brun window\b|\brolling \w+[- ]month\b|\bbridge letters?\b|\bexpir(?:es?|y|ation)\b"
    r"|\bno (?:official|formal|recogni[sz]ed|government|approved|certification|accreditation)\b.{0,60}\b(?:certification|accreditation|authori[sz]ation|process|standard)\b"
    r"|\bthere is (?:currently )?no\b.{0,60}\b(?:certification|accreditation|authori[sz]ation)\b"
    r"|\b(?:your|customers?|you|organi[sz]ations?)\b.{0,60}\b(?:(?:is|are|remains?|be)(?: \w+)? responsible|(?:has|have|retains?) (?:the |full )?responsibility)\b|\bresponsib(?:le|ility) (?:for|of|to)\b.{0,80}\b(?:your|customers?|organi[sz]ation)\b"
    r"|\b(?:must|should|may|can)(?:not|n't| not| only| never)\b.{0,80}\b(?:store[ds]?|process(?:ed)?|used|host(?:ed)?|upload(?:ed)?|transmit\w*|data|workloads?)\b"
    r"|\bonly (?:available|applicable|offered|provided|applies|apply|covers?|valid|in|for|when|run|includes?)\b|\b(?:applies|apply|available|run|hosted|stored|supported|offered|restricted|limited)(?: \w+)? only\b|\b(?:strictly|exclusively|solely) (?:run|hosted|available|in|on|for|limited)\b"
    r"|\b(?:available|obtained|provided|shared|released|restricted)\b.{0,50}\b(?:upon request|on request|under (?:an? )?(?:NDA|non-?disclosure)|signed non-?disclosure|nondisclosure)\b"
    r"|\b(?:requires?|required|need(?:s|ed)?|must)\b.{0,60}\b(?:plan|subscription|tier|add-?on|license|licence|BAA|agreement|addendum|re-?assessment|continuous monitoring|existing)\b"
    r"|\bbefore (?:you|customers?|any)\b.{0,60}\b(?:PHI|protected health|cardholder|data)\b"
    r"|\b(?:estimated|expected|scheduled|planned|anticipated|estimates?|expects?|anticipates?) (?:to|for|by|that|in|general)\b.{0,120}\b(?:20\d\d|q[1-4]|january|february|march|april|may|june|july|august|september|october|november|december|spring|summer|autumn|fall|winter|half)\b"
    r"|\b(?:currently )?estimates?\b.{0,80}\b(?:will|receive)\b.{0,60}\b20\d\d\b"
    r"|\b(?:does|do|did) not (?:replace|guarantee|create|constitute|imply|mean|warrant|extend|apply|include|cover|transfer)\b|\bwill not (?:provide|sign|enter|support)\b|\bnot as an? (?:official|formal)\b"
    r"|\b(?:can(?:'t|not| not)|unable to) (?:yet )?(?:host|support|process|store|sign|be obtained|be used)\b"
    r"|\b(?:you|your \w+|customers?|organi[sz]ations?|agenc(?:y|ies))\b.{0,60}?\b(?:need|have|needs|has|must) to (?:achieve|obtain|get|grant|evaluate|ensure|implement|maintain|sign|enter)\b"
    r"|\bleft out of\b|\bexcluded (?:from|by)\b|\bnot (?:yet |currently )?(?:available|supported|offered) (?:in|for|to|on|with)\b|\bmay not (?:yet )?be (?:covered|included|in scope|available)\b|\byou must be (?:an? |on )|\b(?:is|are|remains?) (?:solely |ultimately )?(?:your|the customer's|the client's) (?:own )?responsibility\b|\bin scope only\b|\bout of scope\b|\bexcept (?:for|in|where|that)\b|\bwith the exception of\b|\bunless\b"
    r"|\b(?:not|n't)\b.{0,30}\b(?:in|within|part of) (?:the )?scope\b"
    r"|\b(?:you|your organi[sz]ation|customers?)\b.{0,20}\b(?:still needs?|(?:is|are) (?:solely |ultimately )?responsible|remain(?:s)? responsible)\b"
    r"|\bshared responsibility\b|\bresponsibility of the (?:customer|client|user)"
    r"|\b(?:issued|performed|conducted|published|renewed|audited)\b.{0,40}\b(?:annually|semi-?annually|quarterly|every \w+|each (?:year|quarter)|twice|once a year)\b"
    r"|\breports? (?:is|are) (?:relevant|restricted|based|limited)\b|\baudit is based on\b"
    rf"|\b{_PAPER}\b.{{0,40}}\b(?:excludes?|leaves? out|omits?)\b|\bnot (?:a )?part of (?:the|our|its|this|that|any)\b.{{0,60}}\b{_PAPER}\b"
    r"|\b(?:must|has to|have to|needs? to|required to)\b.{0,40}\b(?:run|reside|operate|be (?:hosted|deployed|located|stored))\b.{0,40}\b(?:regions?|editions?|tiers?|zones?)\b"
    r"|\bcan(?:'t|not| not) be (?:covered|included)\b|\b(?:is|are)(?:n't| not)(?: yet| currently)? covered by\b"
    r"|\bcovers?\b.{0,80}\b(?:criteria|principles|trust services? categories)\b"
    rf"|\baudit cycle\b|\breport(?:ing)? period\b|\b{_PAPER}\b.{{0,30}}\bcover(?:s|ed|ing)?\b.{{0,60}}\b20\d\d\b"
    r"|\b(?:customers?|users|clients|accounts?|organi[sz]ations|teams|workspaces)\b (?:on|with|of) (?:the |our |an? )?[\w ]{0,30}\b(?:plans?|tiers?|subscriptions?|editions?)\b",
    re.IGNORECASE,
)
"""Words of a sentence that limits or dates what is held: a region or plan left out, a period, a price, who is responsible."""
SUBJECT_MATTER = re.compile(
    r"\b(?:complian(?:t|ce)|certif\w+|attest\w+|accredit\w+|audit\w*|authori[sz]\w+|in[- ]scope|regulated|protected health|PHI|cardholder|BAAs?|business associate|standards?|assess\w+|reports?|ATO|P-?ATO|impact (?:systems?|levels?)|customer data|personal data|e?PHI|CHD|CDE|PII|sensitive data|commitments)\b",
    re.IGNORECASE,
)
"""Words that make a qualifying sentence one about a claim."""
HOUSEKEEPING = re.compile(
    r"^(?:for|to) (?:more|further|additional|general|details|information|a (?:full |complete )?list|learn|find out)\b.*\b(?:see|visit|refer|contact|go to|read|check)\b|\b(?:support ticket|report (?:an |any )?(?:issue|bug|vulnerabilit)|security@|feedback|this article|this page|this documentation|sign up|free trial|screenshots?|click|portal ui|browser|steps? below|following steps|command line|password)\b",
    re.IGNORECASE,
)
"""Words of sentences about using a page or a product: no note."""


_CONTRACTED = re.compile(
    r"\b(do|does|did|is|are|was|were|has|have|had|should|must|would|could)n't\b", re.IGNORECASE
)


@lru_cache(maxsize=4096)
def qualifies(text: str) -> bool:
    """Return whether a sentence limits or dates what is held."""
    return QUALIFIES.search(_CONTRACTED.sub(r"\1 not", words.straight(text))) is not None

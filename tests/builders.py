"""A trust page told once as data, and written as several site builders write it:
whole HTML documents, fictional vendor.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Trust:
    """What the page says: certificates with their status, rows of a scope matrix,
    clauses, a footer's badges.
    """

    title: str = "Security and compliance at Plover"
    lead: str = "Plover moves parcels for small shops."
    certificates: tuple[tuple[str, str], ...] = (
        ("SOC 2 Type II", "Certified"),
        ("ISO 27001:2022", "Certified"),
        ("HIPAA", "Compliant"),
        ("ISO 27701", "Planned for 2027"),
    )
    scope: tuple[str, ...] = ("Plover Dispatch", "Plover Labels", "Plover Returns")
    clauses: tuple[str, ...] = (
        "The SOC 2 report is available under NDA.",
        "Plover Labs is excluded from our ISO 27001 certificate.",
        "Plover does not hold a FedRAMP authorization.",
    )
    badges: tuple[str, ...] = ("PCI DSS", "Cyber Essentials")
    news: tuple[str, ...] = ("How we moved a million parcels", "Meet our night shift")

    def but(self, **changed: object) -> Trust:
        """Return the same page with something said otherwise."""
        return replace(self, **changed)  # type: ignore[arg-type]


Part = Callable[[Trust], str]


def table(trust: Trust) -> str:
    rows = "".join(f"<tr><td>{a}</td><td>{b}</td></tr>" for a, b in trust.certificates)
    return (
        "<table><thead><tr><th>Framework</th><th>Status</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
    )


def cards(trust: Trust) -> str:
    return "".join(
        f'<div class="card"><h3>{a}</h3><p class="chip">{b}</p></div>'
        for a, b in trust.certificates
    )


def chips(trust: Trust) -> str:
    return "".join(
        f'<div class="tile"><div class="name">{a}</div><span class="state">{b}</span></div>'
        for a, b in trust.certificates
    )


def listed(trust: Trust) -> str:
    return "<ul>" + "".join(f"<li>{a}: {b}</li>" for a, b in trust.certificates) + "</ul>"


def lines(trust: Trust) -> str:
    return "".join(f"<p><strong>{a}</strong> — {b}</p>" for a, b in trust.certificates)


def bullets(trust: Trust) -> str:
    items = "".join(f"<li>{name}</li>" for name in trust.scope)
    return f"<p>The following services are in scope for SOC 2:</p><ul>{items}</ul>"


def ticks(trust: Trust) -> str:
    rows = "".join(f"<tr><td>{name}</td><td>✓</td></tr>" for name in trust.scope)
    return f"<table><tr><th>Service</th><th>SOC 2</th></tr>{rows}</table>"


def paragraphs(trust: Trust) -> str:
    return "".join(f"<p>{clause}</p>" for clause in trust.clauses)


def numbered(trust: Trust) -> str:
    return "".join(f"<p>4.{n} {clause}</p>" for n, clause in enumerate(trust.clauses, 1))


def images(trust: Trust) -> str:
    return "".join(f'<img src="/b/{n}.svg" alt="{b}">' for n, b in enumerate(trust.badges))


def badge_list(trust: Trust) -> str:
    return '<ul class="badges">' + "".join(f"<li>{b}</li>" for b in trust.badges) + "</ul>"


@dataclass(frozen=True)
class Builder:
    """How one site builder writes the parts of a page, in which order,
    and what it puts around them.
    """

    certificates: Part = table
    scope: Part = bullets
    clauses: Part = paragraphs
    badges: Part = images
    order: tuple[str, ...] = ("certificates", "scope", "clauses")
    badges_in_footer: bool = True
    wrap: str = "<section class='s'>{}</section>"
    head: str = field(default="<nav><a href='/'>Home</a><a href='/pricing'>Pricing</a></nav>")

    def page(self, trust: Trust) -> str:
        """Return the whole document."""
        names = {"certificates": "Certificates", "scope": "Scope", "clauses": "Good to know"}
        parts = [
            self.wrap.format(f"<h2>{names[name]}</h2>{getattr(self, name)(trust)}")
            for name in self.order
        ]
        news = "".join(f"<article><h3>{title}</h3></article>" for title in trust.news)
        badges = f"<div class='badges'>{self.badges(trust)}</div>"
        return (
            f"<!doctype html><html lang='en'><head><title>{trust.title}</title></head><body>"
            f"<header>{self.head}</header><main><h1>{trust.title}</h1><p>{trust.lead}</p>"
            f"{''.join(parts)}{'' if self.badges_in_footer else badges}"
            f"<aside><h2>From our blog</h2>{news}</aside></main>"
            f"<footer>{badges if self.badges_in_footer else ''}<p>© Plover Ltd</p></footer>"
            "</body></html>"
        )

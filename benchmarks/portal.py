"""``python -m benchmarks.portal``: the replica of a portal with pages as heavy as real ones. Takes the options of ``tests.replica``.

Real article pages of the portals we know have 46 to 148 kB, 11 to 22 kB of it when gzipped: scripts and styles (15 to 45 kB), menus and
boxes (60 to 450 links, 350 to 1,700 elements) around a text of two or three. The replica of the tests is a third of that, which
would flatter whoever reads most.
"""

from __future__ import annotations

import random
import sys

from tests.replica import Replica, __main__, site
from tests.replica.quang_tri import QuangTri
from tests.replica.vocab import GIVENS, MIDDLES, SURNAMES

MENU_LINKS = 230
SCRIPT_BYTES = 21_000
_WORDS = (*SURNAMES, *MIDDLES["nam"], *MIDDLES["nu"], *GIVENS["nam"], *GIVENS["nu"])


def _menu(dice: random.Random, name: str, links: int) -> str:
    items = []
    for number in range(links):
        label = " ".join(dice.choices(_WORDS, k=dice.randint(2, 5)))
        items.append(
            f'<li class="nav-item lfr-nav-item" id="layout_{dice.randint(1000, 99999)}" role="presentation">'
            f'<a class="nav-link" href="/{name}/muc-{number}-{dice.getrandbits(32):x}" role="menuitem"><span>{label}</span></a></li>'
        )
    return f'<div class="{name}"><ul class="nav" role="menubar">\n' + "\n".join(items) + "\n</ul></div>\n"


def _script(dice: random.Random, size: int) -> str:
    lines: list[str] = []
    while sum(map(len, lines)) < size:
        names = [f"{dice.choice(_WORDS)}_{dice.getrandbits(16):x}".encode("ascii", "ignore").decode() for _ in range(3)]
        lines.append(
            f"Liferay.Portlet.register('{names[0]}', {{columnPos: {dice.randint(0, 9)}, namespacedId: 'p_p_id_{names[1]}_',"
            f" isStatic: '{'start' if dice.random() < 0.5 else 'no'}', refreshURL: '/c/portal/render_portlet?p_l_id={dice.getrandbits(18)}"
            f"&p_p_id={names[2]}&p_p_lifecycle=0&p_t_lifecycle=0&p_p_state=normal&p_p_mode=view', refreshURLData: null}});"
        )
    return '<script type="text/javascript">\n// <![CDATA[\n' + "\n".join(lines) + "\n// ]]>\n</script>\n"


class Heavy(QuangTri):
    """The portal of the province with what stands around the news on a real one."""

    def __init__(self, seed: int, count: int) -> None:
        dice = random.Random(seed)
        self._head = _script(dice, SCRIPT_BYTES // 3)
        self._top = _menu(dice, "mega-menu", MENU_LINKS * 2 // 3)
        self._bottom = _menu(dice, "lien-ket", MENU_LINKS // 3) + _script(dice, SCRIPT_BYTES * 2 // 3)
        super().__init__(seed, count)

    def frame(self, title: str, inner: str, *more: str) -> str:
        page = super().frame(title, inner, *more)
        head, _, rest = page.partition("</head>")
        opening, _, body = rest.partition(">")
        content, _, end = body.rpartition("</body>")
        return f"{head}{self._head}</head>{opening}>{self._top}{content}{self._bottom}</body>{end}"


class HeavyReplica(Replica):
    """The heavy portal in a process of its own."""

    def __init__(self, articles: int) -> None:
        super().__init__(articles, portals=("quang_tri",))
        self._command[2] = "benchmarks.portal"


if __name__ == "__main__":
    site.PORTALS["quang_tri"] = Heavy
    sys.exit(__main__.main())

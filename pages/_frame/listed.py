"""All pages, in the groups of the navigation."""

# By the name of their folder, which is also their link; the first is at "/" too.
GROUPS = {
    "Explain": {
        "pair": "Pair",
        "search": "Search",
        "compare": "Compare models",
        "layers": "Layers",
    },
    "Sets": {
        "batch": "Many pairs",
        "evidence": "Evidence",
        "references": "References",
    },
    "Probes": {
        "negation": "Negation",
        "adjectives": "Adjectives",
        "lexical": "Lexical bias",
        "syntax": "Syntax",
    },
}
PAGES = {name: title for group in GROUPS.values() for name, title in group.items()}

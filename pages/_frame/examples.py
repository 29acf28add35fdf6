"""Telling pairs to start from."""

EXAMPLES = {
    "Paraphrase": (
        "The company cut a thousand jobs last year.",
        "Last year, a thousand employees were laid off.",
    ),
    "Negation": (
        "The new drug is safe for children.",
        "The new drug is not safe for children.",
    ),
    "Antonyms": (
        "The soup was hot and the service was fast.",
        "The soup was cold and the service was slow.",
    ),
    "One word, two senses": (
        "They had a picnic on the bank of the river.",
        "She opened an account at the bank in town.",
    ),
    "Long sentences": (
        "Despite the rain, which had not stopped since early morning, hundreds of people waited "
        "in line outside the museum to see the small painting that a family had found in their "
        "attic the year before.",
        "In spite of bad weather, a crowd queued for hours in front of the gallery, because a "
        "little picture discovered under the roof of a private house was going to be shown to "
        "the public for the first time.",
    ),
}
DEFAULT = "Paraphrase"

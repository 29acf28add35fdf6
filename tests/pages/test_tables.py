"""Tables of the pages: their heads."""

import pandas as pd

from pages._frame.tables import columns_shown


def test_heads_are_words_and_models_keep_their_names():
    table = pd.DataFrame({"my_model_v2: total": [0.5], "word_a": ["dog"], "first_one": [1]})
    heads = {name: column["label"] for name, column in columns_shown(table).items()}
    assert heads == {
        "my_model_v2: total": "my_model_v2: total",
        "word_a": "word of A",
        "first_one": "first one",
    }

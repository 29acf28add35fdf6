#!/usr/bin/env bash
# The paper's figures on its own model, a step each: what python -m benchmarks.reproduction STEP runs.
# Run in the repository's root. STSB: the folder of STS-B; XSB_MPNET: one of all-mpnet-base-v2.
set -euo pipefail
test=$STSB/stsb-en-test.csv train=$STSB/stsb-en-train.csv
to=assets/studies/mpnet kept=results/mpnet
shelf=sentence-transformers/all-mpnet-base-v2
# variants count as soon as their adapters are in assets/models
variants=() pair=("$shelf")
for name in tuned exact orig; do
  if [ -d assets/models/mpnet-$name ]; then variants+=("mpnet-$name"); fi
done
if [ -d assets/models/mpnet-exact ]; then pair+=(mpnet-exact); fi
options() { printf -- '--model\n%s\n' "$@"; }
# Cells of a file's pairs: NAME FILE LAYER MODEL [OPTION ...]; goes on where it was killed
cells() {
  xsb batch "$2" --layer "$3" --model "$4" --tolerance 0.01 --out "$kept/$1-l$3-${4##*/}" "${@:5}"
}
# The folders of such cells, of the two models that are set side by side: NAME-lLAYER ...
of_pair() { for name in "$@"; do for model in "${pair[@]}"; do echo "$kept/$name-${model##*/}"; done; done; }
# Every so many pairs of the test set, with the numbers that they have in it
every() {
  mkdir -p $kept
  awk -v n="$1" 'BEGIN { print "id,text_a,text_b,score" } NR % n == 1 { print NR - 1 "," $0 }' \
    "$test" > "$kept/every-$1.csv"
}

case $1 in
  predict) # Table 1
    xsb evaluate "$shelf" "${variants[@]}" --data "$STSB" --json > $to/evaluation.jsonl.new
    mv $to/evaluation.jsonl.new $to/evaluation.jsonl ;;
  references) # Figs. 1 and 2
    python -m benchmarks.reproduction.references "$test" "$shelf" "${variants[@]}" \
      --out $to/references.parquet ;;
  published-rule) # the published rule's numerical error
    python -m benchmarks.reproduction.published_rule "$test" $shelf --layers 9,8 \
      --out $to/published-rule.parquet ;;
  negation) # Figs. 7 and 8; by the published treatment of the cosine too
    mapfile -t models < <(options "${pair[@]}")
    probe=(xsb probe negation "$test" --layer 9 --tolerance 0.01 --out $kept/negation)
    "${probe[@]}" "${models[@]}" --study $to/negation/plain.parquet
    "${probe[@]}" --model $shelf --cosine endpoint --study $to/negation/endpoint.parquet ;;
  adjectives) # Figs. 9 and 11
    mapfile -t models < <(options "${pair[@]}")
    xsb probe adjectives --layer 9 --tolerance 0.01 "${models[@]}" --out $kept/adjectives \
      --study $to/adjectives/paper.parquet ;;
  syntax) # Fig. 6
    for model in "${pair[@]}"; do cells test "$test" 9 "$model"; done
    mapfile -t results < <(of_pair test-l9)
    for kind in net paper; do
      xsb probe syntax "${results[@]}" --stanza "$STANZA" --cells $kind --out $to/syntax \
        --figure $kept/syntax-$kind.html
    done ;;
  lexical) # Figs. 10 and 12, Tables 3 and 4
    for model in "${pair[@]}"; do
      cells test "$test" 8 "$model"
      cells train "$train" 8 "$model"
    done
    mapfile -t results < <(of_pair test-l8 train-l8)
    for kind in net paper; do
      xsb probe lexical "${results[@]}" --cells $kind --out $to/lexical \
        --figure $kept/lexical-$kind.html
    done ;;
  agreement) # Figs. 3 to 5
    every 4
    every 8
    for model in "$shelf" mpnet-tuned mpnet-exact; do
      for layer in 11 10 9; do cells test "$test" $layer "$model"; done
      cells every-4 $kept/every-4.csv 8 "$model"
      cells every-8 $kept/every-8.csv 7 "$model"
    done
    cells endpoint "$test" 9 $shelf --cosine endpoint
    xsb analyse measures $kept/test-l{11,10,9}-* $kept/every-4-l8-* $kept/every-8-l7-* \
      $kept/endpoint-l9-* --out $to/stsb ;;
  *)
    echo "There is no step $1; give one of those in $0." >&2
    exit 2 ;;
esac

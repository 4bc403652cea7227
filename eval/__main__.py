"""`python -m eval`: run the evaluation, hold it against its baseline, measure speed, kill an ingest.

Exit codes: 0 good, 1 failed, 2 wrong use.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rag.errors import NewsdeskError, UsageError

if TYPE_CHECKING:
    from rag.settings import Settings

Command = Callable[[argparse.Namespace], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    given = _parser().parse_args(arguments)
    command: Command = given.command
    try:
        return command(given)
    except NewsdeskError as error:
        print(f"error: {error}", file=sys.stderr)
        return 2 if isinstance(error, UsageError) else 1
    except KeyboardInterrupt:
        print("stopped", file=sys.stderr)
        return 1


def _run(given: argparse.Namespace) -> int:
    from eval.datasets import Options, open_set
    from eval.reference_systems import bm25_and_vectors as baselines
    from eval.runs import report, results
    from rag.settings import load_settings

    if given.skip_langchain and not given.baselines:
        raise UsageError("--skip-langchain goes with --baselines; add it")
    settings = load_settings(model=given.model)
    options = Options(
        settings=settings,
        data=given.data,
        limit=given.limit,
        libraries=given.libraries,
        baselines=baselines.chosen(given.set, langchain=not given.skip_langchain) if given.baselines else (),
        progress=_progress(given),
    )
    result = open_set(given.set).evaluate(options)
    if given.plot:
        from eval.runs.plot import plot

        plot(result.set, {result.set: result.metrics}, given.plot)
    if given.markdown:
        given.markdown.write_text(report.as_markdown(result), encoding="utf-8")
    if given.out:
        saved = results.save(result, given.out, markdown=report.as_markdown(result))
        print(f"saved in {saved}", file=sys.stderr)
    if given.json:
        print(report.as_json(result))
    else:
        print(report.as_table(result))
    if given.faults:
        print(f"\n{report.faults(result)}", file=sys.stderr if given.json else sys.stdout)
    return 0


def _compare(given: argparse.Namespace) -> int:
    from eval.runs import compare, report

    found = compare.compare(compare.load_run(given.first), compare.load_run(given.second))
    if given.markdown:
        given.markdown.write_text(report.comparison_markdown(found), encoding="utf-8")
    if given.plot:
        from eval.runs.plot import plot

        plot(found.set, found.series(), given.plot)
    print(json.dumps(found.as_json(), indent=2) if given.json else report.comparison_table(found))
    return 0


def _gate(given: argparse.Namespace) -> int:
    from eval.runs import gate
    from rag.settings import Settings, load_settings

    if given.allow_lower is not None and not given.update:
        raise UsageError("--allow-lower goes with --update; add it")
    # The defaults, whatever this machine is set to: only what changes no figure is taken from it.
    here = load_settings()
    settings = Settings(cache=here.cache, embedder_threads=here.embedder_threads)
    one = given.set and given.baseline.is_dir()
    files = [given.baseline / f"{given.set}.json"] if one else gate.baseline_files(given.baseline)
    held = [_hold(file, given, settings) for file in files]
    passed = all(one["passed"] for one in held)
    if given.json:
        print(json.dumps(held, indent=2))
    elif passed and not given.update:
        print("the gate is passed")
    return 0 if passed else 1


def _hold(file: Path, given: argparse.Namespace, settings: Settings) -> dict[str, Any]:
    """Hold one set against its baseline, or take its figures for the baseline; what `--json` prints of it."""
    from eval.datasets import Options, open_set
    from eval.runs import gate, report

    old = gate.load_baseline(file) if file.exists() or not given.update else None
    chosen = open_set(old.set if old else file.stem)
    result = chosen.evaluate(Options(settings=settings, progress=_progress(given)))
    if given.update:
        gate.save_baseline(gate.updated(old, result, allow_lower=given.allow_lower or ""), file)
        print(report.as_table(result), file=sys.stderr)
        print(f"{file.name} written", file=sys.stderr if given.json else sys.stdout)
        return {**result.as_json(), "passed": True, "failures": [], "worse_cases": {}}
    failed = gate.failures(old, result) if old else []
    lost = {name: cases for name in result.metrics if old and (cases := gate.worse_cases(old, result, name))}
    if not given.json:
        noted = [f"{name}: worse than accepted in {', '.join(cases)}" for name, cases in lost.items()]
        print("\n".join([report.as_table(result), "", *noted, *(f"{result.set}: {reason}" for reason in failed)]))
    return {**result.as_json(), "passed": not failed, "failures": failed, "worse_cases": lost}


def _bench(given: argparse.Namespace) -> int:
    from eval import bench

    report = bench.run(
        bench.Options(
            data=given.data,
            passages=given.passages,
            questions=given.questions,
            compared_articles=given.articles,
            library=given.library,
            langchain=not given.skip_langchain,
        ),
        say=lambda line: print(line, file=sys.stderr),
    )
    if given.markdown:
        given.markdown.write_text(bench.as_markdown(report), encoding="utf-8")
    print(json.dumps(report, indent=2) if given.json else bench.as_markdown(report))
    return 0


def _crash(given: argparse.Namespace) -> int:
    from eval.crash_test import run as crash

    if sys.platform == "win32":
        print("skipped: Windows has no SIGKILL")
        return 0
    report = crash.run(
        crash.Options(kills=given.kills, articles=given.articles, seed=given.seed, keep=given.keep),
        say=lambda line: print(line, file=sys.stderr),
    )
    print(json.dumps(report.as_json(), indent=2) if given.json else report.as_text())
    return 1 if report.faults else 0


def _fit(given: argparse.Namespace) -> int:
    from eval.training.sentence_weights import fit
    from rag.answering.sentence_scoring import WEIGHTS_FILE
    from rag.settings import load_settings

    content = fit(
        given.data,
        load_settings(),
        questions=given.questions,
        seed=given.seed,
        say=lambda line: print(line, file=sys.stderr),
    )
    text = json.dumps(content, indent=2) + "\n"
    if given.write:
        WEIGHTS_FILE.write_text(text, encoding="utf-8")
    print(text, end="")
    return 0


def _fit_scorer(given: argparse.Namespace) -> int:
    from eval.training.answer_scorer import fit_scorer, save
    from rag.answering.answer_scorer import WEIGHTS_FILE
    from rag.settings import load_settings

    weights, about = fit_scorer(
        given.data,
        load_settings(),
        epochs=given.epochs,
        seed=given.seed,
        say=lambda line: print(line, file=sys.stderr),
    )
    if given.write:
        save(weights, about, WEIGHTS_FILE)
    print(json.dumps(about, indent=2))
    return 0


def _calibrate(given: argparse.Namespace) -> int:
    from eval.training.confidence import calibrated
    from rag.answering.sentence_scoring import WEIGHTS_FILE

    text = json.dumps(calibrated(given.runs), indent=2) + "\n"
    if given.write:
        WEIGHTS_FILE.write_text(text, encoding="utf-8")
    print(text, end="")
    return 0


def _sheet(given: argparse.Namespace) -> int:
    from eval.runs import review_sheet as sheet
    from rag.settings import load_settings

    rows = sheet.write_sheet(
        sheet.Options(
            settings=load_settings(model=given.model),
            kind=given.kind,
            out=given.out,
            sources=given.sources or (),
            questions=given.questions,
            limit=given.limit,
        ),
        say=lambda line: print(line, file=sys.stderr),
    )
    if given.markdown:
        given.markdown.write_text(sheet.as_markdown(rows), encoding="utf-8")
    print(sheet.counted(rows).as_text())
    return 0


def _progress(given: argparse.Namespace) -> Callable[[int, int], None]:
    from eval.runs.progress import no_progress

    if given.json or not sys.stderr.isatty():
        return no_progress

    def show(done: int, total: int) -> None:
        print(f"\r{done}/{total}", end="\n" if done == total else "", file=sys.stderr, flush=True)

    return show


def _public_sets() -> str:
    from eval.datasets import SETS

    return ", ".join(name for name in SETS if name != "golden")


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not above 0")
    return number


def _parser() -> argparse.ArgumentParser:
    from eval.runs.gate import BASELINES

    parser = argparse.ArgumentParser(
        prog="python -m eval", description="Evaluation of Newsdesk; docs/evaluation.md explains it."
    )
    commands = parser.add_subparsers(
        required=True, metavar="run|compare|gate|bench|crash|fit|fit-scorer|calibrate|sheet"
    )

    run = commands.add_parser("run", help="score a set of cases")
    run.set_defaults(command=_run)
    run.add_argument("--set", default="golden", help=f"golden (our own cases; the default) or one of: {_public_sets()}")
    run.add_argument("--data", type=Path, help="the half of the set: its folder, or its .jsonl or .jsonl.gz file")
    run.add_argument("--model", help="writer, as in NEWSDESK_MODEL (default: the setting)")
    run.add_argument("--limit", type=_positive, help="only the first N cases")
    run.add_argument(
        "--libraries", type=Path, metavar="DIR", help="folder that keeps the set's library, so that it is made once"
    )
    run.add_argument(
        "--baselines",
        action="store_true",
        help="score BM25 alone, vectors alone and the plain LangChain pipeline on the same questions",
    )
    run.add_argument("--skip-langchain", action="store_true", help="with --baselines: leave the LangChain pipeline out")
    run.add_argument("--markdown", type=Path, metavar="FILE", help="write the report as Markdown")
    run.add_argument("--out", type=Path, help="folder to save the run in")
    run.add_argument("--plot", type=Path, metavar="FILE", help="draw the figures with their intervals (.svg, .png)")
    run.add_argument("--faults", action="store_true", help="list what went wrong, case by case")
    run.add_argument("--json", action="store_true", help="print JSON")

    compare = commands.add_parser("compare", help="hold one saved run against another")
    compare.set_defaults(command=_compare)
    compare.add_argument("first", type=Path, metavar="A", help="folder of a saved run (run --out)")
    compare.add_argument("second", type=Path, metavar="B", help="folder of the run to hold against it")
    compare.add_argument("--markdown", type=Path, metavar="FILE", help="write the report as Markdown")
    compare.add_argument("--plot", type=Path, metavar="FILE", help="draw both runs with their intervals (.svg, .png)")
    compare.add_argument("--json", action="store_true", help="print JSON")

    gate = commands.add_parser("gate", help="fail where a figure is worse than the baseline")
    gate.set_defaults(command=_gate)
    gate.add_argument(
        "--baseline", type=Path, default=BASELINES, help="file or folder with the limits (default: eval/floors)"
    )
    gate.add_argument("--set", help="only this set, one of those that have a baseline, or a new one with --update")
    gate.add_argument("--update", action="store_true", help="accept these figures; nothing becomes clearly worse")
    gate.add_argument(
        "--allow-lower", metavar="REASON", help="with --update: accept what is clearly worse and record why"
    )
    gate.add_argument("--json", action="store_true", help="print JSON")

    bench = commands.add_parser("bench", help="measure speed and memory on this machine")
    bench.set_defaults(command=_bench)
    bench.add_argument(
        "--data", type=Path, help="folder with corpus.jsonl.gz, or a JSONL file (default: the sample articles, varied)"
    )
    bench.add_argument("--passages", type=_positive, default=20_000, help="size of the library (default: 20000)")
    bench.add_argument("--questions", type=_positive, default=200, help="questions to time (default: 200)")
    bench.add_argument(
        "--articles", type=_positive, default=300, help="articles of the ingest comparison (default: 300)"
    )
    bench.add_argument("--library", type=Path, help="folder to build that library in and to find it in again")
    bench.add_argument("--skip-langchain", action="store_true", help="do not run the plain LangChain pipeline")
    bench.add_argument("--markdown", type=Path, metavar="FILE", help="write the report as Markdown")
    bench.add_argument("--json", action="store_true", help="print JSON")

    crash = commands.add_parser("crash", help="kill an ingest again and again, then check that nothing is lost")
    crash.set_defaults(command=_crash)
    crash.add_argument("--kills", type=_positive, default=60, help="number of kills (default: 60)")
    crash.add_argument("--articles", type=_positive, default=2000, help="number of articles (default: 2000)")
    crash.add_argument("--seed", type=int, default=1, help="seed of texts and moments (default: 1)")
    crash.add_argument(
        "--keep", type=Path, metavar="DIR", help="a new folder to copy the library to where something is lost"
    )
    crash.add_argument("--json", action="store_true", help="print JSON")
    fit = commands.add_parser("fit", help="fit the weights that choose sentences")
    fit.set_defaults(command=_fit)
    fit.add_argument("--data", type=Path, required=True, help="folder with contexts.jsonl.gz and questions.jsonl.gz")
    fit.add_argument("--questions", type=_positive, default=3000, help="how many questions to fit on (default: 3000)")
    fit.add_argument("--seed", type=int, default=1, help="which questions (default: 1)")
    fit.add_argument("--write", action="store_true", help="write rag/answering/selection.json")
    scorer = commands.add_parser("fit-scorer", help="fit the scorer of question and sentence (ten minutes)")
    scorer.set_defaults(command=_fit_scorer)
    scorer.add_argument("--data", type=Path, required=True, help="folder with contexts.jsonl.gz and questions.jsonl.gz")
    scorer.add_argument("--epochs", type=_positive, default=5, help="how often every question is seen (default: 5)")
    scorer.add_argument("--seed", type=int, default=1, help="seed of weights and draws (default: 1)")
    scorer.add_argument("--write", action="store_true", help="write rag/answer_scorer.npz")
    calibrate = commands.add_parser("calibrate", help="fit how sure an answer says it is")
    calibrate.set_defaults(command=_calibrate)
    calibrate.add_argument("runs", type=Path, nargs="+", metavar="RUN", help="folders of saved runs (run --out)")
    calibrate.add_argument("--write", action="store_true", help="write rag/answering/selection.json")
    sheet = commands.add_parser("sheet", help="what a model wrote, beside its quotes, to be checked by hand")
    sheet.set_defaults(command=_sheet)
    sheet.add_argument("kind", choices=("answers", "summaries"), help="what the model is asked for")
    sheet.add_argument("--model", help="writer, as in NEWSDESK_MODEL (default: the setting)")
    sheet.add_argument("--out", type=Path, required=True, metavar="FILE", help="JSON lines; what it holds is kept")
    sheet.add_argument("--markdown", type=Path, metavar="FILE", help="write the sheet to read and mark")
    sheet.add_argument(
        "--sources", type=Path, nargs="+", metavar="PATH", help="articles to ingest (default: the sample articles)"
    )
    sheet.add_argument(
        "--questions", type=Path, metavar="FILE", help='JSONL with a "question" in each line (default: golden cases)'
    )
    sheet.add_argument("--limit", type=_positive, help="only the first N cases")
    return parser


if __name__ == "__main__":
    sys.exit(main())

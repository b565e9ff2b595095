"""Reads one deployment's topics and holds them against its simulator's log; in a process of its own."""

from typing import NamedTuple

from . import checker, crawls, read_back, served
from avro_io import Decoder, as_json
from registry import RegistryClient


class Job(NamedTuple):
    name: str
    bootstrap: str
    topics: list
    progress_topic: str
    served_log: str
    shapes: dict
    samples: set
    options: checker.Options
    registry: str  # of topics that are Avro


def verify(job: Job) -> tuple:
    """(name, report, what is broken)."""
    data = read_back.read_committed(job.bootstrap, job.topics)
    if job.registry:
        decoder = Decoder(RegistryClient(job.registry))
        data = [record._replace(value=as_json(decoder.record(record.value))) for record in data]
    progress = read_back.read_committed(job.bootstrap, [job.progress_topic])
    with open(job.served_log, "rb") as lines:
        told = lines.readlines()
    answers = served.fold(told)
    report = checker.check(data, progress, answers, job.shapes, sorted(job.samples),
                           job.options._replace(left_out=served.left_out(told)))
    report["crawl"] = crawls.crawls(told)
    return job.name, report, checker.broken(report)


def job_of(deployment, samples: set, options: checker.Options) -> Job:
    return Job(deployment.name, deployment.bed.direct, deployment.topics, deployment.progress_topic,
               str(deployment.served), deployment.shapes, samples, options, deployment.settings.registry)

/** A line of a Prometheus text: the name of a metric, its labels and its value. */
interface Sample {
  readonly name: string;
  readonly labels: ReadonlyMap<string, string>;
  readonly value: number;
}

const SAMPLE = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})?[ \t]+(\S+)(?:[ \t]+-?\d+)?\s*$/;
const LABEL = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** Bytes that the initial loads and resyncs of a pipe have fetched: a counter. Source: ClickHouse's page on metrics, read 2026-11. */
const LOADED_BYTES = "ClickPipes_FetchedBytesInitialLoad_Total";

/** Whether a scrape has the metrics of ClickPipes. The filtered set may lack them. */
export function hasPipeMetrics(text: string): boolean {
  return /^ClickPipes_/m.test(text);
}

/** Adds up the bytes of each pipe, by its id. A pipe without a plausible value is missing. */
export function parseLoadedBytes(text: string): ReadonlyMap<string, number> {
  const bytes = new Map<string, number>();
  for (const line of text.split("\n")) {
    const sample = parseSample(line);
    const id = sample?.labels.get("clickpipe_id");
    if (sample?.name !== LOADED_BYTES || id === undefined) continue;
    if (!Number.isFinite(sample.value) || sample.value < 0) continue;
    bytes.set(id, (bytes.get(id) ?? 0) + sample.value);
  }
  return bytes;
}

function parseSample(line: string): Sample | undefined {
  const [, name, labels = "", value] = SAMPLE.exec(line) ?? [];
  if (name === undefined || value === undefined) return undefined;
  const entries = [...labels.matchAll(LABEL)].map(([, label = "", text = ""]) => [label, text] as const);
  return { name, labels: new Map(entries), value: Number(value) };
}

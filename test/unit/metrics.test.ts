import assert from "node:assert/strict";
import fc from "fast-check";
import { hasPipeMetrics, parseLoadedBytes } from "../../provider/cloud/metrics";

const NAME = "ClickPipes_FetchedBytesInitialLoad_Total";

describe("parseLoadedBytes", () => {
  it("returns the bytes of each pipe", () => {
    const text = [
      `# HELP ${NAME} Bytes`,
      `# TYPE ${NAME} counter`,
      `${NAME}{clickhouse_service="s",clickpipe_id="a",clickpipe_state="Snapshot"} 1.5e9`,
      `${NAME}{clickpipe_id="b"} 7 1764230400000`,
    ].join("\n");
    assert.deepEqual(
      [...parseLoadedBytes(text)],
      [
        ["a", 1.5e9],
        ["b", 7],
      ],
    );
  });

  it("adds up two values of one pipe", () => {
    const text = `${NAME}{clickpipe_id="a",part="1"} 1\n${NAME}{clickpipe_id="a",part="2"} 2\n`;
    assert.deepEqual([...parseLoadedBytes(text)], [["a", 3]]);
  });

  it("reads labels with quotes, backslashes, braces and commas in a name", () => {
    const text = `${NAME}{clickpipe_name="a\\"},b=\\"\\\\",clickpipe_id="a"} 3`;
    assert.deepEqual([...parseLoadedBytes(text)], [["a", 3]]);
  });

  for (const value of ["NaN", "+Inf", "-1", "", "many"]) {
    it(`ignores the value "${value}"`, () =>
      assert.equal(parseLoadedBytes(`${NAME}{clickpipe_id="a"} ${value}`).size, 0));
  }

  it("ignores other metrics, and lines without a pipe", () => {
    const text = `ClickPipes_Info{clickpipe_id="a"} 1\n${NAME} 3\n${NAME}{clickpipe_name="a"} 3`;
    assert.equal(parseLoadedBytes(text).size, 0);
  });

  it("reads a scrape with Windows line ends", () =>
    assert.deepEqual([...parseLoadedBytes(`${NAME}{clickpipe_id="a"} 3\r\n`)], [["a", 3]]));

  it("never throws, and returns only plausible values, for any text", () => {
    const line = fc.tuple(fc.constantFrom(NAME, "x"), fc.string(), fc.string());
    const text = fc.array(line.map(([name, labels, value]) => `${name}{${labels}} ${value}`));
    fc.assert(
      fc.property(text, (lines) =>
        [...parseLoadedBytes(lines.join("\n")).values()].every(
          (bytes) => Number.isFinite(bytes) && bytes >= 0,
        ),
      ),
    );
  });
});

describe("hasPipeMetrics", () => {
  it("finds a metric of a pipe after others", () =>
    assert.equal(hasPipeMetrics('ClickHouse_ServiceInfo{} 1\nClickPipes_Info{clickpipe_id="a"} 1'), true));

  it("finds none if only the service has metrics", () =>
    assert.equal(hasPipeMetrics("ClickHouse_ServiceInfo{} 1\n# ClickPipes_"), false));
});

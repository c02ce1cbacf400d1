import assert from "node:assert/strict";
import { showProgress } from "../../cli/terminal/progress";
import { Terminal } from "../../cli/terminal/terminal";
import { wrapText } from "../../cli/terminal/wrap-text";

const TTY = { isTTY: true, columns: 80 };
const XTERM = { TERM: "xterm-256color" };

function createTerminal(stream: object, variables: NodeJS.ProcessEnv = XTERM) {
  let text = "";
  const out = { write: (chunk: string) => ((text += chunk), true), ...stream };
  return { terminal: new Terminal(out, variables), getText: () => text };
}

describe("colors", () => {
  for (const [where, stream, variables, hasColors] of [
    ["a terminal", TTY, XTERM, true],
    ["a pipe", {}, XTERM, false],
    ["a terminal with NO_COLOR", TTY, { ...XTERM, NO_COLOR: "1" }, false],
    ["a terminal with NODE_DISABLE_COLORS", TTY, { ...XTERM, NODE_DISABLE_COLORS: "1" }, false],
    ["a terminal that is dumb", TTY, { TERM: "dumb" }, false],
    ["a pipe with FORCE_COLOR", {}, { ...XTERM, FORCE_COLOR: "1" }, true],
    ["a terminal with FORCE_COLOR=0", TTY, { ...XTERM, FORCE_COLOR: "0" }, false],
  ] as const) {
    it(`are ${hasColors ? "" : "not "}written to ${where}`, () => {
      const { terminal } = createTerminal(stream, variables);
      assert.equal(terminal.style("red", "x"), hasColors ? "\u001b[31mx\u001b[39m" : "x");
    });
  }
});

describe("wrapping", () => {
  it("breaks lines between words, and indents what continues a line", () => {
    assert.equal(wrapText("  one two three\nfour", 11), "  one two\n    three\nfour");
  });

  it("keeps a word that is longer than a row whole", () => {
    assert.equal(wrapText("see https://127.0.0.1/v1 now", 10), "see\n  https://127.0.0.1/v1\n  now");
  });

  it("counts no color as a column", () => {
    assert.equal(wrapText("\u001b[31mone two\u001b[39m", 7), "\u001b[31mone two\u001b[39m");
  });

  it("changes nothing that fits, with its spaces", () => {
    assert.equal(wrapText("a   b\n\n  c", 5), "a   b\n\n  c");
  });

  it("happens in a terminal only", () => {
    const { terminal, getText } = createTerminal({}, { COLUMNS: "3" });
    terminal.print("one two");
    assert.equal(getText(), "one two\n");
  });
});

describe("progress", () => {
  /** Shows the progress of work that takes that many seconds. */
  async function watch(seconds: number, stream: object, error?: Error): Promise<string> {
    const { terminal, getText } = createTerminal(stream);
    let listen: () => void = () => assert.fail("no timer");
    let end: () => void = () => assert.fail("no work");
    const work = new Promise<void>((resolve, reject) => {
      end = () => (error === undefined ? resolve() : reject(error));
    });
    let isStopped = false;
    const repeat = (listener: () => void) => {
      listen = listener;
      return () => (isStopped = true);
    };
    const shown = showProgress("Reading", work, { terminal, repeat });
    for (let second = 0; second < seconds; second++) listen();
    end();
    await (error === undefined ? shown : assert.rejects(shown, error));
    assert.ok(isStopped, "the timer runs on");
    return getText();
  }

  it("is not shown for work of less than 2 seconds", async () => {
    assert.equal(await watch(1, TTY), "");
  });

  it("counts the seconds in place, and is removed at the end", async () => {
    const remove = "\u001b[1A\u001b[0J";
    assert.equal(await watch(3, TTY), `Reading … 2s\n${remove}Reading … 3s\n${remove}`);
  });

  it("is one line in a log", async () => {
    assert.equal(await watch(30, {}), "Reading …\n");
  });

  it("is removed if the work fails", async () => {
    assert.match(await watch(2, TTY, new Error("failed")), /2s\n\u001b\[1A\u001b\[0J$/);
  });
});

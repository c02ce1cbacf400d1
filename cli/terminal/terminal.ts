import { WriteStream } from "node:tty";
import { styleText } from "node:util";
import { wrapText } from "./wrap-text";

/** `process.stdout`, `process.stderr`, or what a test has in their place. */
export interface TextStream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
  readonly columns?: number;
}

type Style = "bold" | "red" | "yellow";

/** Clears the screen from the cursor on. */
const CLEAR_DOWN = "\u001b[0J";

/** Where neither a terminal nor COLUMNS says how wide the screen is. */
const DEFAULT_COLUMNS = 80;

/** A stream for people. Colors, wrapped lines and lines that are replaced in place are for a terminal only: a log gets plain lines. */
export class Terminal {
  /** Rows that the next text replaces. */
  private temporaryRows = 0;

  constructor(
    private readonly out: TextStream,
    private readonly variables: NodeJS.ProcessEnv = process.env,
  ) {}

  /**
   * The rules of Node.js: FORCE_COLOR decides, then NO_COLOR, NODE_DISABLE_COLORS and TERM, and without a terminal there are no colors.
   * `styleText` follows them by itself since 20.18 and 22.8 only: 22.0 to 22.7 ignore its options and color a pipe, and 20.x ignores the
   * stream if it gets several styles. Source: Node's commits e84812c1b5 and 77294d8918.
   */
  get hasColors(): boolean {
    const mayHave = this.variables.FORCE_COLOR !== undefined || this.out.isTTY === true;
    return mayHave && WriteStream.prototype.getColorDepth(this.variables) > 2;
  }

  /** Whether lines can be replaced. */
  get isLive(): boolean {
    return this.out.isTTY === true && this.variables.TERM !== "dumb";
  }

  /** How wide a help is. The shell's COLUMNS counts if there is no terminal. */
  get columns(): number {
    const columns = this.out.isTTY === true ? this.out.columns : Number(this.variables.COLUMNS);
    return columns !== undefined && columns > 0 ? columns : DEFAULT_COLUMNS;
  }

  style(style: Style, text: string): string {
    return this.hasColors ? styleText(style, text, { validateStream: false }) : text;
  }

  /** Styles the first line only: what follows it is explanation. */
  styleFirstLine(style: Style, text: string): string {
    const [first = "", ...others] = text.split("\n");
    return [this.style(style, first), ...others].join("\n");
  }

  wrap(text: string): string {
    return this.out.isTTY === true ? wrapText(text, this.columns) : text;
  }

  /** Prints text that stays. */
  print(text: string): void {
    this.clear();
    this.out.write(this.wrap(text.endsWith("\n") ? text : `${text}\n`));
  }

  /** Passes on the output of another program as it comes, which may be less than a line. */
  pass(text: string): void {
    this.clear();
    this.out.write(this.wrap(text));
  }

  /** Shows text until the next one. Only if `isLive`. */
  showForNow(text: string): void {
    this.clear();
    // A row that is exactly full would wrap on some terminals.
    const wrapped = wrapText(text, this.columns - 1);
    this.out.write(`${wrapped}\n`);
    this.temporaryRows = wrapped.split("\n").length;
  }

  /** Removes what `showForNow` has shown. */
  clear(): void {
    if (this.temporaryRows === 0) return;
    this.out.write(`\u001b[${this.temporaryRows}A${CLEAR_DOWN}`);
    this.temporaryRows = 0;
  }
}

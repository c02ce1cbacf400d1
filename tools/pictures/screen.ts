import { execFile, execFileSync } from "node:child_process";
import { setTimeout } from "node:timers/promises";
import { promisify, stripVTControlCharacters } from "node:util";

interface ScreenOptions {
  readonly columns: number;
  readonly folder: string;
  readonly variables: NodeJS.ProcessEnv;
}

const ROWS = 50;
const POLL_MS = 100;
const FAILED = "the command failed";

/** A terminal in a tmux server of its own. tmux answers what a program asks its terminal, and tells what is on the screen. */
export class Screen {
  constructor(private readonly options: ScreenOptions) {}

  /**
   * Runs a command on an empty screen. Returns the screen with its colors, the command in the first line: at the end, or as soon as it
   * matches.
   */
  async run(command: string, moment?: RegExp): Promise<string> {
    const { columns, folder, variables: env } = this.options;
    // `cat` keeps the screen until it is read.
    const script = `printf '%s\\n' '$ ${command}'; ${command} || echo '${FAILED}'; tmux wait-for -S done; cat`;
    const size = ["-x", String(columns), "-y", String(ROWS)];
    this.tmux("-f", "/dev/null", "new-session", "-d", ...size, "-c", folder, script);
    try {
      const ended = promisify(execFile)("tmux", ["-L", SERVER, "wait-for", "done"], { env });
      const text = moment === undefined ? undefined : await this.waitFor(moment);
      await ended;
      const last = this.capture();
      if (last.includes(FAILED)) throw new Error(last);
      return text ?? last;
    } finally {
      this.tmux("kill-session");
    }
  }

  /** Ends what is still on the screen. */
  close(): void {
    try {
      this.tmux("kill-server");
    } catch {
      // It ends with its last session.
    }
  }

  private async waitFor(moment: RegExp): Promise<string> {
    for (;;) {
      const text = this.capture();
      if (moment.test(stripVTControlCharacters(text))) return text;
      if (text.includes(FAILED)) throw new Error(text);
      await setTimeout(POLL_MS);
    }
  }

  private capture(): string {
    return this.tmux("capture-pane", "-e", "-p").trimEnd();
  }

  private tmux(...args: string[]): string {
    return execFileSync("tmux", ["-u", "-L", SERVER, ...args], {
      env: this.options.variables,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    });
  }
}

/** Its socket lies in the folder that TMUX_TMPDIR names. */
const SERVER = "pictures";

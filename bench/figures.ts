import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Machine, REPOSITORY } from "./machine";

/** What a part came to, and when and on what. */
export interface Figure {
  readonly date: string;
  readonly machine: Machine;
  /** Processes that wanted a processor in the minute before, and in the last minute of the run. */
  readonly load: readonly [before: number, after: number];
  readonly seconds: number;
  readonly rows: unknown;
}

export type Figures = Readonly<Record<string, Figure>>;

const FOLDER = join(REPOSITORY, "docs", "performance");
const FILE = join(FOLDER, "figures.json");

/** The figures of earlier runs, by the part's name. */
export function readFigures(): Figures {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as Figures) : {};
}

export function writeFigures(figures: Figures): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(FILE, `${JSON.stringify(figures, rounded, 2)}\n`);
}

/** Four digits are more than any of them is good for. */
function rounded(_name: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}

import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Machine, REPOSITORY } from "./machine";

/** The rows of one benchmark, and the run that measured them. */
export interface Figure {
  readonly date: string;
  readonly machine: Machine;
  /** The load average of a minute, before the run and at its end. */
  readonly load: readonly [before: number, after: number];
  readonly seconds: number;
  readonly rows: unknown;
}

export type Figures = Readonly<Record<string, Figure>>;

const FOLDER = join(REPOSITORY, "docs", "performance");
const FILE = join(FOLDER, "figures.json");

/** The stored figures, by the benchmark's name. */
export function readFigures(): Figures {
  return existsSync(FILE) ? (JSON.parse(readFileSync(FILE, "utf8")) as Figures) : {};
}

export function writeFigures(figures: Figures): void {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(FILE, `${JSON.stringify(figures, roundNumbers, 2)}\n`);
}

/** No figure is exact to more than four digits. */
function roundNumbers(_name: string, value: unknown): unknown {
  return typeof value === "number" && !Number.isInteger(value) ? Number(value.toPrecision(4)) : value;
}

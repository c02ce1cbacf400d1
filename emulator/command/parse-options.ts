import { InvalidArgumentError } from "commander";
import type { ConvergenceMs } from "../cloud/cloud-options";
import { GUESS_VALUES, type Guesses } from "../cloud/guesses";

/** Every guess with its values, as the option `--guess` takes it. */
export const GUESS_SYNTAX = Object.entries(GUESS_VALUES)
  .map(([name, values]) => `${name}=${values.join("|")}`)
  .join(", ");

const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };

export function parsePort(text: string): number {
  const port = Number(text);
  if (Number.isInteger(port) && port >= 0 && port <= 65_535) return port;
  throw new InvalidArgumentError("It must be a whole number from 0 to 65535.");
}

/** Parses seconds or a range of seconds into milliseconds: `3s`, `180s-300s`. */
export function parseConvergence(text: string): ConvergenceMs {
  const range = /^(\d+(?:\.\d+)?)s(?:-(\d+(?:\.\d+)?)s)?$/.exec(text);
  if (range === null)
    throw new InvalidArgumentError("It must be in seconds, such as 3s, or a range, such as 180s-300s.");
  const minMs = Number(range[1]) * 1_000;
  return range[2] === undefined ? minMs : [minMs, Number(range[2]) * 1_000];
}

/** Parses a duration into milliseconds: `90s`, `20m`, `6h`. */
export function parseDuration(text: string): number {
  const [, amount, unit = ""] = /^(\d+(?:\.\d+)?)([smh])$/.exec(text) ?? [];
  const unitMs = UNIT_MS[unit];
  if (amount === undefined || unitMs === undefined)
    throw new InvalidArgumentError("It must be in seconds, minutes or hours, such as 90s, 20m or 6h.");
  return Number(amount) * unitMs;
}

/** Adds one `name=value` to the guesses given before it. */
export function parseGuess(text: string, previous: Partial<Guesses>): Partial<Guesses> {
  const [name, valueText] = text.split("=");
  const values: readonly unknown[] =
    Object.entries(GUESS_VALUES).find(([known]) => known === name)?.[1] ?? [];
  const value = values.find((known) => String(known) === valueText);
  if (name !== undefined && value !== undefined) return { ...previous, [name]: value };
  throw new InvalidArgumentError(`It must be one of ${GUESS_SYNTAX}.`);
}

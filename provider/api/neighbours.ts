import type { Key } from "../credentials";

/** How much a process wants to send with a key. */
export interface Demand {
  /** Of the process: the same in all that it says. */
  readonly name: string;
  /** Requests that wait for a place. */
  readonly waiting: number;
}

/**
 * Processes of this machine that use the same key, such as those of other stacks that a pipeline deploys at once. What runs on other
 * machines is not seen: refusals alone tell of it.
 */
export interface Neighbours {
  /** This process's own name. */
  readonly name: string;
  /** Says what this process wants, and hears what all want that have said so of late, itself included. */
  say(waiting: number): readonly Demand[];
}

/** Those that use one key of one API. */
export type NeighboursOf = (url: URL, key: Key) => Neighbours;

export const NO_NEIGHBOURS: Neighbours = { name: "", say: (waiting) => [{ name: "", waiting }] };

/**
 * How many of the places are one process's own. Each has one; every further one goes to whom most requests wait for each place
 * that it has. Where there are more processes than places each has the same part of one. All that heard the same come to the
 * same parts.
 */
export function partOf(places: number, name: string, demands: readonly Demand[]): number {
  if (demands.length > places) return places / demands.length;
  const parts = [...demands]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((demand) => ({ ...demand, places: 1 }));
  for (let left = places - parts.length; left > 0 && parts.length > 0; left--) {
    const neediest = parts.reduce((most, one) => (waitingForEach(one) > waitingForEach(most) ? one : most));
    neediest.places += 1;
  }
  return parts.find((part) => part.name === name)?.places ?? places;
}

function waitingForEach({ waiting, places }: Demand & { readonly places: number }): number {
  return (waiting + 1) / places;
}

import { type DynamicInputs } from "../provider/dynamic/provider";
import { type Cloud, DEFAULT_SEED, DEFAULT_SERVICE_ID } from "../emulator";
import type { HttpRequest } from "../provider/cloud/transport";
import type { FakeClock } from "../simulation/fake-clock";

/** Requests that are not for the size, as a person would name them. */
export type Aside =
  | "organization"
  | "pipes"
  | "service"
  | "wake"
  | "gone check's organization"
  | "gone check's service"
  | "gone check's pipes";

/** What is there when an operation begins that sends such a request. */
export interface Scene {
  readonly declared: Partial<DynamicInputs>;
  set(cloud: Cloud, clock: FakeClock): void;
  /** Whether that request is the one, after those that the same command has sent. */
  sends(request: HttpRequest, sent: readonly HttpRequest[]): boolean;
}

/** Longer than the first answer is waited for, so that a fault which lasts is seen to end the wait. */
const FIRST_PIPE_AFTER_MS = 180_000;

const OWNER = { organizationId: DEFAULT_SEED.organizations[0]!.id };
const PIPE = DEFAULT_SEED.organizations[0]!.services[0]!.clickPipes![0]!;
const ID = DEFAULT_SERVICE_ID;

const isOrganization = ({ path }: HttpRequest) => path.length === 2;
const isService = ({ path }: HttpRequest) => path.length === 4;
const isPipes = ({ path }: HttpRequest) => path.at(-1) === "clickpipes";

export const ORDINARY: Scene = { declared: OWNER, set: () => undefined, sends: () => false };

const IDLE = {
  declared: { ...OWNER, wakeService: true },
  set: (cloud: Cloud) => cloud.setServiceState(ID, "idle"),
};

const GONE = { declared: OWNER, set: (cloud: Cloud) => cloud.removePipe(ID, PIPE.id) };

export const SCENES: Readonly<Record<Aside, Scene>> = {
  organization: { declared: {}, set: () => undefined, sends: ({ path }) => path.length === 1 },
  pipes: {
    declared: OWNER,
    set(cloud, clock) {
      cloud.removePipe(ID, PIPE.id);
      clock.at(clock.nowMs() + FIRST_PIPE_AFTER_MS, () => cloud.addPipe(ID, PIPE));
    },
    sends: isPipes,
  },
  service: { ...IDLE, sends: isService },
  wake: { ...IDLE, sends: ({ path }) => path.at(-1) === "state" },
  "gone check's organization": { ...GONE, sends: isOrganization },
  "gone check's service": { ...GONE, sends: isService },
  // The list before it is what the check was made for.
  "gone check's pipes": { ...GONE, sends: (request, sent) => isPipes(request) && sent.some(isService) },
};

export function isAside(moment: string): moment is Aside {
  return moment in SCENES;
}

import { type Cloud, DEFAULT_SEED, DEFAULT_SERVICE_ID } from "../emulator";
import type { HttpRequest } from "../provider/cloud/transport";
import type { DynamicInputs } from "../provider/dynamic/provider";
import type { FakeClock } from "../simulation/fake-clock";

/** Requests for something other than the size. */
export type SideRequest =
  | "organization"
  | "pipes"
  | "service"
  | "wake"
  | "deletion check's organization"
  | "deletion check's service"
  | "deletion check's pipes";

/** A state of the cloud in which an operation sends such a request. */
export interface FaultScenario {
  /** DynamicInputs that the program declares in addition to the size. */
  readonly declared: Partial<DynamicInputs>;
  prepare(cloud: Cloud, clock: FakeClock): void;
  /** Returns whether this is the request, after those that the same command has sent. */
  isTarget(request: HttpRequest, sent: readonly HttpRequest[]): boolean;
}

/** Longer than the provider waits for the first response, so that a lasting fault ends the wait. */
const FIRST_PIPE_AFTER_MS = 180_000;

const OWNER = { organizationId: DEFAULT_SEED.organizations[0]!.id };
const PIPE = DEFAULT_SEED.organizations[0]!.services[0]!.clickPipes![0]!;
const ID = DEFAULT_SERVICE_ID;

const isOrganization = ({ path }: HttpRequest) => path.length === 2;
const isService = ({ path }: HttpRequest) => path.length === 4;
const isPipes = ({ path }: HttpRequest) => path.at(-1) === "clickpipes";

export const DEFAULT_SCENARIO: FaultScenario = {
  declared: OWNER,
  prepare: () => undefined,
  isTarget: () => false,
};

const IDLE = {
  declared: { ...OWNER, wakeService: true },
  prepare: (cloud: Cloud) => cloud.setServiceState(ID, "idle"),
};

const DELETED = { declared: OWNER, prepare: (cloud: Cloud) => cloud.removePipe(ID, PIPE.id) };

export const FAULT_SCENARIOS: Readonly<Record<SideRequest, FaultScenario>> = {
  organization: { declared: {}, prepare: () => undefined, isTarget: ({ path }) => path.length === 1 },
  pipes: {
    declared: OWNER,
    prepare(cloud, clock) {
      cloud.removePipe(ID, PIPE.id);
      clock.scheduleAt(clock.nowMs() + FIRST_PIPE_AFTER_MS, () => cloud.addPipe(ID, PIPE));
    },
    isTarget: isPipes,
  },
  service: { ...IDLE, isTarget: isService },
  wake: { ...IDLE, isTarget: ({ path }) => path.at(-1) === "state" },
  "deletion check's organization": { ...DELETED, isTarget: isOrganization },
  "deletion check's service": { ...DELETED, isTarget: isService },
  // An earlier read of the pipes triggers the check.
  "deletion check's pipes": {
    ...DELETED,
    isTarget: (request, sent) => isPipes(request) && sent.some(isService),
  },
};

export function isSideRequest(point: string): point is SideRequest {
  return point in FAULT_SCENARIOS;
}

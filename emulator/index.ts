export { ERROR_RESPONSES, DOCUMENTED_STATUSES } from "./http/responses";
export { type EmulatorClock, seededRandom } from "./cloud/clock";
export type { Cloud, Convergence, Organization, Service } from "./cloud/cloud";
export type { Fault, FaultRule, Faults } from "./faults/faults";
export { DEFAULT_GUESSES, type Guesses } from "./cloud/guesses";
export type { Journal, JournalEntry } from "./http/journal";
export { DOCUMENTED_RATE_LIMIT, type RateLimit } from "./http/rate-limit";
export * from "./cloud/seed";
export type { Pipe } from "./cloud/pipe";
export {
  type Emulator,
  type EmulatorOptions,
  type RequestListener,
  startEmulator,
} from "./server/start-emulator";

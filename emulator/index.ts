export { ANSWERS, DOCUMENTED_STATUSES } from "./answers";
export { type EmulatorClock, seededRandom } from "./clock";
export type { Cloud, Convergence, Organization, Pipe, Service } from "./cloud";
export type { Fault, FaultRule, Faults } from "./faults";
export { DEFAULT_GUESSES, type Guesses } from "./guesses";
export type { Journal, JournalEntry } from "./journal";
export { DOCUMENTED_LIMIT, type RateLimit } from "./rate-limit";
export * from "./seed";
export { type Emulator, type EmulatorOptions, type RequestListener, startEmulator } from "./server";

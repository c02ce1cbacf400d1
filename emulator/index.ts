/**
 * ClickHouse Cloud's endpoints in memory, for tests: services, database ClickPipes that go through their initial load, and faults.
 *
 * @packageDocumentation
 */
export type { EmulatorClock } from "./cloud/clock";
export type { Cloud } from "./cloud/cloud";
export type { CloudOptions, ConvergenceMs } from "./cloud/cloud-options";
export { DEFAULT_GUESSES, GUESS_VALUES, type Guesses } from "./cloud/guesses";
export type { Organization } from "./cloud/organization";
export type { Pipe, PipeDefinition, PipeDurations, PipeOptions } from "./cloud/pipe";
export type { Scaling } from "./cloud/scaling";
export * from "./cloud/seed";
export { seededRandom } from "./cloud/seeded-random";
export type { Service } from "./cloud/service";
export type { Fault, FaultRule } from "./faults/fault";
export type { Faults } from "./faults/faults";
export type { Journal, JournalEntry, RequestListener } from "./http/journal";
export { DOCUMENTED_RATE_LIMIT, type RateLimit } from "./http/rate-limit";
export { DOCUMENTED_STATUSES, ERROR_RESPONSES } from "./http/responses";
export { type Emulator, type EmulatorOptions, startEmulator } from "./server/start-emulator";

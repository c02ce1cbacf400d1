import { createSeed, type PipeSeed, type Seed } from "../emulator";

/** A seed with one service of 2 cores that has these pipes. */
export function createSeedWithPipes(clickPipes: readonly PipeSeed[]): Seed {
  const organizations = createSeed(1).organizations.map((organization) => ({
    ...organization,
    services: organization.services.map((service) => ({ ...service, clickPipes })),
  }));
  return { organizations };
}

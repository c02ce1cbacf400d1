import assert from "node:assert/strict";
import { seedOf, services } from "../../emulator";
import { virtual } from "../support/virtual";

/** What becomes of so many services that are created together, with a key whose organisation nobody names. */
function together(count: number) {
  const world = virtual({ seed: seedOf(count), convergenceMs: 1_000 });
  const create = async (id: string, timeouts: Record<string, string> = {}) => {
    const declared = { serviceId: id, cores: 8, __urn: `urn:pulumi:a::b::c::${id}`, __timeouts: timeouts };
    const { inputs } = await world.provider.check({}, declared);
    await world.provider.create(inputs!);
  };
  const lists = () => world.journal.of("GET").filter(({ path }) => path.endsWith("/organizations")).length;
  return { ...world, create, lists, ids: services(count).map(({ id }) => id) };
}

describe("the key's only organisation", () => {
  it("is asked for once by resources that begin together", async () => {
    const { clock, create, lists, ids } = together(20);
    await clock.run(Promise.all(ids.map((id) => create(id))));
    assert.equal(lists(), 1);
  });

  it("is asked for by the next one where the first gets no answer", async () => {
    const { clock, create, lists, ids, faults } = together(3);
    faults.add({ path: /organizations$/, fault: { kind: "status", status: 403 } });
    const endings = await clock.run(Promise.allSettled(ids.map((id) => create(id))));
    assert.deepEqual(
      endings.map(({ status }) => status),
      ["rejected", "fulfilled", "fulfilled"],
    );
    assert.equal(lists(), 2);
  });

  it("does not keep a resource waiting beyond its own limit while another asks", async () => {
    const { clock, create, ids, faults } = together(2);
    faults.add({ path: /organizations$/, forMs: 600_000, fault: { kind: "status", status: 503 } });
    const [first, second] = [create(ids[0]!), create(ids[1]!, { create: "10s" })];
    await clock.run(assert.rejects(second, { code: "timeout" }));
    assert.ok(clock.nowMs() <= 25_000, `${clock.nowMs()} ms`);
    await clock.run(assert.rejects(first));
  });
});

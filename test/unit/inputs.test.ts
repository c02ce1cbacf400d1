import assert from "node:assert/strict";
import fc from "fast-check";
import { parseArguments, type ParseOptions } from "../../provider/check/parse-arguments";
import { ARGUMENT_NAMES } from "../../provider/state/argument-names";
import { pickArguments, type Inputs } from "../../provider/state/inputs";
import { isUnknown, UNKNOWN } from "../../provider/state/unknown";

type Values = Readonly<Record<string, unknown>>;

const SERVICE_ID = "00000000-0000-4000-8000-000000000001";
const ORGANIZATION_ID = "00000000-0000-4000-8000-0000000000aa";
const VALID = { serviceId: SERVICE_ID, cores: 8 };

function listFailures(changed: Values, options?: ParseOptions): string[] {
  const { failures } = parseArguments({ ...VALID, ...changed }, options);
  return failures.map(({ property, reason }) => `${property}: ${reason}`);
}

/** The only failure of otherwise valid inputs, as "property: reason". */
function getFailure(changed: Values, options?: ParseOptions): string {
  const [failure, ...others] = listFailures(changed, options);
  assert.deepEqual(others, []);
  return failure ?? assert.fail("no failure");
}

function assertPasses(changed: Values, options?: ParseOptions): void {
  assert.deepEqual(listFailures(changed, options), []);
}

describe("the argument cores", () => {
  for (const [cores, shown, nearest] of [
    [0, "0", 1],
    [-3, "-3", 1],
    [2.5, "2.5", 3],
    ["8", '"8"', 8],
    [NaN, "NaN", 1],
    [null, "null", 1],
  ] as const) {
    it(`rejects ${shown} and names ${nearest} as the nearest valid value`, () => {
      assert.equal(
        getFailure({ cores }),
        `cores: must be a whole number from 1 to 24, got ${shown} (nearest: ${nearest})`,
      );
    });
  }

  it("is required", () => {
    assert.equal(getFailure({ cores: undefined }), "cores: is required: must be a whole number from 1 to 24");
  });

  it("rejects 25 and says how to allow it", () => {
    assert.equal(
      getFailure({ cores: 25 }),
      "cores: must be a whole number from 1 to 24, got 25 (nearest: 24). The API accepts up to 32; set `maxCores: 32` to allow it.",
    );
  });

  for (const cores of [0, 33]) {
    it(`rejects ${cores} without a hint at maxCores, which would not allow it either`, () => {
      assert.doesNotMatch(getFailure({ cores }), /maxCores/);
    });
  }

  it("rejects more than a declared maxCores", () => {
    assert.match(getFailure({ cores: 30, maxCores: 28 }), /^cores: .* from 1 to 28, got 30 \(nearest: 28\)/);
  });

  it("shows a rejected value of 60 characters in full", () => {
    assert.ok(getFailure({ cores: "x".repeat(58) }).includes(`got "${"x".repeat(58)}" (nearest`));
  });

  it("shortens a rejected value of more than 60 characters", () => {
    assert.match(getFailure({ cores: "x".repeat(500) }), /got "x{59}… \(nearest/);
  });

  it("rejects an object whose conversion to a number would throw", () => {
    assert.match(getFailure({ cores: { toString: 1, valueOf: 1 } }), /^cores: must be a whole number/);
  });
});

describe("the argument coresAfterDestroy", () => {
  it("accepts the same numbers as cores", () => {
    assert.equal(
      getFailure({ coresAfterDestroy: 0 }),
      "coresAfterDestroy: must be a whole number from 1 to 24, got 0 (nearest: 1)",
    );
  });

  it("accepts a declared maxCores", () => assertPasses({ coresAfterDestroy: 32, maxCores: 32 }));
});

describe("the arguments serviceId and organizationId", () => {
  const PATH = `services/${SERVICE_ID}`;
  const URL = `https://console.clickhouse.cloud/${PATH}`;
  for (const property of ["serviceId", "organizationId"]) {
    for (const value of ["orders", "", 5, null]) {
      it(`reject ${JSON.stringify(value)} as ${property} and give an example`, () => {
        assert.equal(
          getFailure({ [property]: value }),
          `${property}: must be a UUID, got ${JSON.stringify(value)} (example: ${SERVICE_ID})`,
        );
      });
    }

    for (const value of [PATH, URL, `${SERVICE_ID}/`, ` ${SERVICE_ID}`]) {
      const shown = JSON.stringify(value);
      it(`reject ${shown} as ${property} and name the UUID in it`, () => {
        const cut = shown.length > 60 ? `${shown.slice(0, 60)}…` : shown;
        assert.equal(
          getFailure({ [property]: value }),
          `${property}: must be a UUID, got ${cut} (nearest: ${SERVICE_ID})`,
        );
      });
    }
  }

  it("say that serviceId is required", () => {
    assert.match(
      getFailure({ serviceId: undefined }),
      /^serviceId: is required: must be a UUID, such as 00000000-/,
    );
  });

  for (const serviceId of [undefined, "orders"]) {
    it(`give an example for ${serviceId} that is valid`, () => {
      const example = /(?:such as |example: )([^\s)]+)/.exec(getFailure({ serviceId }))?.[1];
      assertPasses({ serviceId: example ?? assert.fail("no example") });
    });
  }

  it("may leave out organizationId", () => assertPasses({ organizationId: undefined }));

  it("accept capital letters and parse to small ones, as the cloud writes them", () => {
    const values = { ...VALID, organizationId: ORGANIZATION_ID.toUpperCase() };
    assert.equal(parseArguments(values).declared?.organizationId, ORGANIZATION_ID);
  });
});

describe("the argument maxCores", () => {
  for (let maxCores = 24; maxCores <= 32; maxCores++) {
    it(`accepts ${maxCores} and allows as many cores`, () => assertPasses({ maxCores, cores: maxCores }));
  }

  for (const [maxCores, shown, nearest] of [
    [23, "23", 24],
    [33, "33", 32],
    [25.4, "25.4", 25],
    ["32", '"32"', 32],
    [NaN, "NaN", 24],
  ] as const) {
    it(`rejects ${shown} and names ${nearest} as the nearest valid value`, () => {
      assert.equal(
        getFailure({ maxCores }),
        `maxCores: must be a whole number from 24 to 32, got ${shown} (nearest: ${nearest})`,
      );
    });
  }

  it("rejects no size that it may come to allow while it is unknown", () => {
    assertPasses({ cores: 32, maxCores: UNKNOWN });
  });
});

describe("the argument maxUsdPerHour", () => {
  it("rejects a size that costs more, with both amounts and the nearest affordable cores", () => {
    assert.equal(
      getFailure({ maxUsdPerHour: 0.5 }),
      "maxUsdPerHour: 8 cores cost $0.80/h, above the limit of $0.50/h (nearest: `cores: 5`)",
    );
  });

  it("accepts a size that costs exactly as much", () => assertPasses({ maxUsdPerHour: 0.8 }));

  it("accepts a size that costs less", () => assertPasses({ maxUsdPerHour: 0.81 }));

  it("names one core if nothing larger is affordable", () => {
    assert.match(getFailure({ maxUsdPerHour: 0.1 }), /\(nearest: `cores: 1`\)$/);
  });

  it("does not compute the cost of cores that are not a number", () => {
    assert.match(getFailure({ cores: "8", maxUsdPerHour: 0.5 }), /^cores: /);
  });

  it("says if no size is affordable", () => {
    assert.match(getFailure({ maxUsdPerHour: 0.05 }), / \(no size costs that little\)$/);
  });

  it("uses the price that the stack sets", () => {
    assert.match(
      getFailure({ maxUsdPerHour: 1.5 }, { unitPrice: 0.5 }),
      /8 cores cost \$2\.00\/h, .* \(nearest: `cores: 6`\)$/,
    );
  });

  it("allows every size if a compute unit costs nothing", () => {
    assertPasses({ maxUsdPerHour: 0.01 }, { unitPrice: 0 });
  });

  for (const [maxUsdPerHour, shown] of [
    [0, "0"],
    [-1, "-1"],
    [Infinity, "Infinity"],
    [NaN, "NaN"],
    ["1", '"1"'],
  ] as const) {
    it(`rejects ${shown} and gives an example`, () => {
      assert.equal(
        getFailure({ maxUsdPerHour }),
        `maxUsdPerHour: must be US dollars per hour, a number above 0, got ${shown} (example: 0.8)`,
      );
    });
  }

  for (const [cores, maxUsdPerHour, unitPrice, nearest] of [
    [8, 0.3, undefined, "(nearest: `cores: 3`)"], // 0.3 / 0.1 is below 3 in binary
    [8, 0.7, undefined, "(nearest: `cores: 7`)"],
    [24, 1.25, 0.25, "(nearest: `cores: 10`)"],
    [24, 0.05, 0.005, "(nearest: `cores: 21`)"],
    [8, 0.05, undefined, "(no size costs that little)"],
  ] as const) {
    it(`ends with "${nearest}" for $${maxUsdPerHour} at $${unitPrice ?? 0.2} a unit`, () => {
      assert.ok(getFailure({ cores, maxUsdPerHour }, { unitPrice }).endsWith(nearest));
    });
  }

  it("shows a limit with fractions of a cent as it was written", () => {
    assert.match(getFailure({ maxUsdPerHour: 0.799 }), /\$0\.80\/h, above the limit of \$0\.799\/h/);
  });
});

describe("the argument wakeService", () => {
  for (const wakeService of [true, false, undefined]) {
    it(`accepts ${wakeService}`, () => assertPasses({ wakeService }));
  }

  it("rejects a text", () => {
    assert.equal(
      getFailure({ wakeService: "true" }),
      'wakeService: must be true or false, got "true" (default: false)',
    );
  });
});

describe("the option customTimeouts", () => {
  for (const text of ["40m", "1h30m", "90s", "1.5h"]) {
    it(`accepts "${text}"`, () => assertPasses({}, { timeouts: { create: text } }));
  }

  for (const text of ["40", "soon", "", "-1m", "1 h", "1d"]) {
    it(`rejects "${text}"`, () => {
      assert.equal(
        getFailure({}, { timeouts: { update: text } }),
        `customTimeouts.update: must be a duration in hours, minutes and seconds, got "${text}" (example: "1h30m")`,
      );
    });
  }

  it("rejects a number as a duration", () => {
    assert.match(
      getFailure({}, { timeouts: { delete: 40 } }),
      /^customTimeouts\.delete: must be .*, got 40 /,
    );
  });

  for (const timeouts of ["40m", 40, null]) {
    it(`rejects ${JSON.stringify(timeouts)} and gives an example`, () => {
      assert.equal(
        getFailure({}, { timeouts }),
        `customTimeouts: must be an object, got ${JSON.stringify(timeouts)} (example: { create: "40m" })`,
      );
    });
  }
});

describe("an unknown argument", () => {
  for (const [given, meant] of [
    ["core", "cores"],
    ["Cores", "cores"],
    ["CORES", "cores"],
    ["serviceID", "serviceId"],
    ["service", "serviceId"],
    ["organisationId", "organizationId"],
    ["maxCore", "maxCores"],
    ["maxUsdPerMonth", "maxUsdPerHour"],
    ["wakeServices", "wakeService"],
  ] as const) {
    it(`"${given}" is rejected with the suggestion "${meant}"`, () => {
      assert.equal(getFailure({ [given]: 1 }), `${given}: unknown argument; did you mean "${meant}"?`);
    });
  }

  it("is rejected with the names of all arguments if none is close", () => {
    assert.equal(
      getFailure({ replicas: 1 }),
      `replicas: unknown argument; must be one of ${ARGUMENT_NAMES.join(", ")}`,
    );
  });

  it("does not change the order of the names", () => {
    const before = [...ARGUMENT_NAMES];
    listFailures({ wakeServices: true });
    assert.deepEqual([...ARGUMENT_NAMES], before);
  });

  it("is rejected even if its value is unknown in a preview", () => {
    assert.match(getFailure({ core: UNKNOWN }), /^core: unknown argument/);
  });
});

describe("several failures of one resource", () => {
  it("are reported at once", () => {
    const { failures } = parseArguments(
      { serviceId: "orders", cores: 25, wakeService: "yes", memory: 32, maxUsdPerHour: 1 },
      { timeouts: { create: "soon", update: "later" } },
    );
    assert.deepEqual(
      failures.map(({ property }) => property),
      [
        "serviceId",
        "cores",
        "wakeService",
        "memory",
        "customTimeouts.create",
        "customTimeouts.update",
        "maxUsdPerHour",
      ],
    );
  });

  it("include every required argument that is absent", () => {
    assert.deepEqual(
      parseArguments({}).failures.map(({ property }) => property),
      ["serviceId", "cores"],
    );
  });
});

describe("a value that a preview does not know yet", () => {
  for (const property of ARGUMENT_NAMES) {
    it(`passes as ${property}`, () => assertPasses({ [property]: UNKNOWN }));
  }

  it("passes as customTimeouts", () => assertPasses({}, { timeouts: UNKNOWN }));

  it("passes as one of customTimeouts", () => assertPasses({}, { timeouts: { create: UNKNOWN } }));

  it("passes as the cost limit of an unknown size", () => {
    assertPasses({ cores: UNKNOWN, maxUsdPerHour: UNKNOWN });
  });

  it("does not hide the failure of another argument", () => {
    assert.match(getFailure({ serviceId: UNKNOWN, cores: 0 }), /^cores: .* got 0/);
  });

  it("stays unknown in the parsed arguments", () => {
    assert.equal(parseArguments({ ...VALID, cores: UNKNOWN }).declared?.cores, UNKNOWN);
  });

  it("is recognized by its value", () => {
    assert.deepEqual([UNKNOWN, SERVICE_ID, undefined].map(isUnknown), [true, false, false]);
  });
});

describe("valid arguments", () => {
  const valid = fc.integer({ min: 24, max: 32 }).chain((maxCores) =>
    fc.record(
      {
        serviceId: fc.uuid(),
        organizationId: fc.uuid(),
        cores: fc.integer({ min: 1, max: maxCores }),
        maxCores: fc.constant(maxCores),
        // Above what the largest size costs.
        maxUsdPerHour: fc.double({ min: 3.2, max: 1_000, noNaN: true }),
        coresAfterDestroy: fc.integer({ min: 1, max: maxCores }),
        wakeService: fc.boolean(),
      },
      { requiredKeys: ["serviceId", "cores", "maxCores"] },
    ),
  );
  const timeouts = { create: "40m", update: "1h30m", delete: "90s" };

  it("pass in every combination and parse to what was given", () => {
    fc.assert(
      fc.property(valid, (values) => {
        assert.deepEqual(parseArguments(values, { timeouts }), { failures: [], declared: { ...values } });
      }),
    );
  });

  for (let cores = 1; cores <= 24; cores++) {
    it(`pass with ${cores} cores and no maxCores`, () => assertPasses({ cores }));
  }
});

describe("parseArguments", () => {
  const name = fc.oneof(fc.constantFrom(...ARGUMENT_NAMES, "__proto__", "constructor"), fc.string());
  const anyValue = fc.oneof(fc.jsonValue(), fc.double(), fc.constant(UNKNOWN));
  const anyInputs = fc.dictionary(name, anyValue);

  it("never throws, whatever JSON it gets", () => {
    fc.assert(
      fc.property(anyInputs, anyValue, (values, timeouts) => {
        assert.ok(Array.isArray(parseArguments(values, { timeouts }).failures));
      }),
    );
  });

  it("returns parsed arguments, or failures that each have a reason", () => {
    fc.assert(
      fc.property(anyInputs, (values) => {
        const { failures, declared } = parseArguments(values);
        assert.equal(declared === undefined, failures.length > 0);
        assert.ok(failures.every(({ reason }) => reason.length > 0));
      }),
    );
  });
});

describe("pickArguments", () => {
  const news = {
    ...VALID,
    serviceId: SERVICE_ID.replace("0001", "00AB"),
    organizationId: ORGANIZATION_ID.toUpperCase(),
    __provider: "code",
  };

  it("writes ids in small letters, as the cloud does", () => {
    const { __provider, ...values } = news;
    const { serviceId, organizationId } = parseArguments(values).declared ?? assert.fail();
    assert.deepEqual([serviceId, organizationId], [news.serviceId.toLowerCase(), ORGANIZATION_ID]);
  });

  it("leaves out what no program passes", () => {
    assert.deepEqual(Object.keys(pickArguments(news)), ["serviceId", "organizationId", "cores"]);
  });

  it("leaves out what is undefined", () => {
    const undeclared: object = { ...VALID, maxCores: undefined };
    assert.deepEqual(pickArguments(undeclared as Inputs), VALID);
  });

  it("keeps everything that the program declares", () => {
    const given: Inputs = {
      ...VALID,
      organizationId: ORGANIZATION_ID,
      maxCores: 32,
      maxUsdPerHour: 1,
      coresAfterDestroy: 2,
      wakeService: false,
    };
    assert.deepEqual(pickArguments(given), given);
  });

  it("does not change its argument", () => {
    const frozen = Object.freeze({ ...news });
    pickArguments(frozen);
    assert.deepEqual(frozen, news);
  });
});

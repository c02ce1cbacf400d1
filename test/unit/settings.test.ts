import assert from "node:assert/strict";
import { Settings } from "../../provider/cloud/settings";
import { StackSettings } from "../../provider/cloud/stack-settings";
import { SettingsError } from "../../provider/errors";
import { describeError } from "../../provider/remedies";

type Values = Readonly<Record<string, string>>;

function createSettings(config: Values = {}, environment: Values = {}): Settings {
  return new Settings(new StackSettings({ get: (key) => config[key] }, environment));
}

/** The message of the settings error that it throws. */
function captureRefusal(ask: () => unknown): string {
  try {
    ask();
  } catch (error) {
    assert.ok(error instanceof SettingsError, String(error));
    return describeError(error);
  }
  return assert.fail("no error");
}

const KEY_IN_CONFIG = { "clickhouse:tokenKey": "config-id", "clickhouse:tokenSecret": "config-secret" };
const KEY_IN_ENVIRONMENT = {
  CLICKHOUSE_CLOUD_API_KEY: "environment-id",
  CLICKHOUSE_CLOUD_API_SECRET: "environment-secret",
};

const A = "00000000-0000-4000-8000-00000000000a";
const B = "00000000-0000-4000-8000-00000000000b";

describe("the setting organizationId", () => {
  it("comes from the stack config", () => {
    assert.deepEqual(createSettings({ "clickhouse:organizationId": A }).organizationId, {
      value: A,
      source: "stack config clickhouse:organizationId",
      isFromConfig: true,
    });
  });

  it("comes from the environment", () => {
    assert.deepEqual(createSettings({}, { CLICKHOUSE_ORG_ID: B }).organizationId, {
      value: B,
      source: "environment CLICKHOUSE_ORG_ID",
      isFromConfig: false,
    });
  });

  it("comes from the stack config if both have one", () => {
    const both = createSettings({ "clickhouse:organizationId": A }, { CLICKHOUSE_ORG_ID: B });
    assert.equal(both.organizationId?.value, A);
  });

  it("comes from the environment if the stack config is blank", () => {
    const blank = createSettings({ "clickhouse:organizationId": "  " }, { CLICKHOUSE_ORG_ID: B });
    assert.equal(blank.organizationId?.value, B);
  });

  it("is trimmed", () => {
    assert.equal(createSettings({}, { CLICKHOUSE_ORG_ID: ` ${B}\n` }).organizationId?.value, B);
  });

  it("is rejected with its source if it is not a UUID", () => {
    assert.match(
      captureRefusal(() => createSettings({ "clickhouse:organizationId": "acme/1" }).organizationId),
      /stack config clickhouse:organizationId is "acme\/1", not a UUID\. Set it to the organization's id/,
    );
  });

  it("is undefined if it is not set", () => assert.equal(createSettings().organizationId, undefined));

  it("is undefined if the environment is blank", () => {
    assert.equal(createSettings({}, { CLICKHOUSE_ORG_ID: "" }).organizationId, undefined);
  });
});

describe("the API key", () => {
  function pickParts(settings: Settings) {
    const { id, secret, source, isFromConfig } = settings.getKey("read");
    return { id, secret, source, isFromConfig };
  }

  it("comes from the stack config first", () => {
    assert.deepEqual(pickParts(createSettings(KEY_IN_CONFIG, KEY_IN_ENVIRONMENT)), {
      id: "config-id",
      secret: "config-secret",
      source: "stack config clickhouse:tokenKey and stack config clickhouse:tokenSecret",
      isFromConfig: true,
    });
  });

  it("comes from the environment otherwise", () => {
    assert.deepEqual(pickParts(createSettings({}, KEY_IN_ENVIRONMENT)), {
      id: "environment-id",
      secret: "environment-secret",
      source: "environment CLICKHOUSE_CLOUD_API_KEY and environment CLICKHOUSE_CLOUD_API_SECRET",
      isFromConfig: false,
    });
  });

  it("counts as from the stack config if only the secret comes from there", () => {
    const mixed = createSettings({ "clickhouse:tokenSecret": "s" }, { CLICKHOUSE_CLOUD_API_KEY: "id" });
    assert.equal(mixed.getKey("read").isFromConfig, true);
  });

  it("is rejected with every source that was checked if it is missing", () => {
    const message = captureRefusal(() => createSettings().getKey("read"));
    const sources = ["clickhouse:tokenKey", "CLICKHOUSE_CLOUD_API_KEY", "clickhouse:tokenSecret"];
    for (const place of [...sources, "CLICKHOUSE_CLOUD_API_SECRET"])
      assert.ok(message.includes(place), place);
  });

  it("is rejected with the operation and the remedy if it is missing", () => {
    assert.match(
      captureRefusal(() => createSettings().getKey("reading service x")),
      /^Reading service x failed: no API key: .*`pulumi config set /,
    );
  });

  for (const [half, missing, given] of [
    [{ "clickhouse:tokenKey": "id" }, "tokenSecret", "tokenKey"],
    [{ "clickhouse:tokenSecret": "secret" }, "tokenKey", "tokenSecret"],
  ] as const) {
    it(`is rejected without ${missing}, and only that is named`, () => {
      const { observed } = captureFacts(() => createSettings({ ...half }).getKey("read"));
      assert.deepEqual([observed.includes(missing), observed.includes(given)], [true, false]);
    });
  }

  for (const id of ["id:secret", "id\nsecret", "id\rsecret"]) {
    it(`is rejected with its source, without its value, if the id is ${JSON.stringify(id)}`, () => {
      const message = captureRefusal(() =>
        createSettings({ ...KEY_IN_CONFIG, "clickhouse:tokenKey": id }).getKey("read"),
      );
      assert.match(
        message,
        /^Read failed: the key id in stack config clickhouse:tokenKey contains a colon or a line break/,
      );
      assert.ok(!message.includes("id:secret") && !message.includes("\n"));
    });
  }

  it("may contain a colon in its secret", () => {
    const colon = createSettings({ ...KEY_IN_CONFIG, "clickhouse:tokenSecret": "a:b" });
    assert.equal(colon.getKey("read").secret, "a:b");
  });

  function captureFacts(ask: () => unknown): SettingsError["facts"] {
    try {
      ask();
    } catch (error) {
      if (error instanceof SettingsError) return error.facts;
      throw error;
    }
    return assert.fail("no error");
  }
});

describe("a connection", () => {
  const ADDRESS = { "clickhouse:apiUrl": "https://api.example.com/v1" };

  it("is refused if the address is in the stack config and the key in the environment", () => {
    assert.equal(
      captureRefusal(() => createSettings(ADDRESS, KEY_IN_ENVIRONMENT).getConnection("read")),
      "Read failed: the API address is in stack config clickhouse:apiUrl, but the key is in environment CLICKHOUSE_CLOUD_API_KEY. " +
        "Set both in the stack config, or both in the environment (CLICKHOUSE_API_URL): a key is only sent to an address from the same " +
        "place.",
    );
  });

  it("is refused if only one part of the key is in the stack config", () => {
    const half = { ...ADDRESS, "clickhouse:tokenKey": "id" };
    assert.match(
      captureRefusal(() => createSettings(half, KEY_IN_ENVIRONMENT).getConnection("read")),
      /but the key is in environment CLICKHOUSE_CLOUD_API_SECRET/,
    );
  });

  for (const [what, config, environment] of [
    ["address and key are in the stack config", { ...ADDRESS, ...KEY_IN_CONFIG }, {}],
    [
      "address and key are in the environment",
      {},
      { ...KEY_IN_ENVIRONMENT, CLICKHOUSE_API_URL: "https://api.example.com/v1" },
    ],
    ["the key is in the environment and the address is the default", {}, KEY_IN_ENVIRONMENT],
    [
      "the key is in the stack config and the address in the environment",
      KEY_IN_CONFIG,
      { CLICKHOUSE_API_URL: "https://api.example.com/v1" },
    ],
  ] as const) {
    it(`is allowed if ${what}`, () => {
      assert.match(
        createSettings({ ...config }, { ...environment }).getConnection("read").apiUrl.href,
        /^https/,
      );
    });
  }

  it("to another host than ClickHouse's is named, with its source", () => {
    assert.equal(
      createSettings(ADDRESS).describeOtherApi(),
      "requests and the API key go to https://api.example.com (stack config clickhouse:apiUrl), not to ClickHouse's own API",
    );
  });

  for (const url of ["https://api.clickhouse.cloud/v1", "http://127.0.0.1:4010/v1"]) {
    it(`to ${url} is not named`, () => {
      assert.equal(createSettings({ "clickhouse:apiUrl": url }).describeOtherApi(), undefined);
    });
  }
});

describe("the setting apiUrl", () => {
  const getUrl = (address: string) => createSettings({ "clickhouse:apiUrl": address }).getApiUrl("read");

  it("is ClickHouse Cloud by default", () => {
    assert.equal(createSettings().getApiUrl("read").href, "https://api.clickhouse.cloud/v1");
  });

  it("comes from the environment if the stack config has none", () => {
    const set = createSettings({}, { CLICKHOUSE_API_URL: "https://api.example.com/v1" });
    assert.equal(set.getApiUrl("read").href, "https://api.example.com/v1");
  });

  for (const address of [
    "https://api.example.com/v1",
    "http://localhost:8080/v1",
    "http://127.0.0.1:8080/v1",
    "http://127.9.9.9/v1",
    "http://[::1]:8080/v1",
  ]) {
    it(`accepts ${address}`, () => assert.equal(getUrl(address).href, address));
  }

  for (const [address, shown] of [
    ["http://api.example.com/v1", "http://api.example.com"],
    ["http://localhost.example.com", "http://localhost.example.com"],
    ["http://127.0.0.1.example.com", "http://127.0.0.1.example.com"],
    ["ftp://api.example.com", "ftp://api.example.com"],
    ["api.example.com/v1", "not a URL"],
    ["https://api.example.com/v1?x=1", "https://api.example.com with a query or a fragment"],
    ["https://api.example.com/v1#x", "https://api.example.com with a query or a fragment"],
  ] as const) {
    it(`rejects ${address}`, () => {
      assert.ok(
        captureRefusal(() => getUrl(address)).startsWith(
          `Read failed: the API address in stack config clickhouse:apiUrl is ${shown}. Use https `,
        ),
      );
    });
  }

  for (const address of ["https://api.clickhouse.cloud", "https://api.clickhouse.cloud/"]) {
    it(`rejects ${address}, because ClickHouse's API has a version`, () => {
      assert.match(
        captureRefusal(() => getUrl(address)),
        /is https:\/\/api\.clickhouse\.cloud, without the version \/v1\. .*such as https:\/\/api\.clickhouse\.cloud\/v1/,
      );
    });
  }

  for (const [what, address] of [
    ["a user", "https://hunter2@api.example.com"],
    ["a password", "https://:hunter2@api.example.com"],
    ["a user and a password", "https://me:hunter2@api.example.com"],
  ] as const) {
    it(`rejects ${what}, and does not repeat it`, () => {
      const message = captureRefusal(() => getUrl(address));
      assert.match(message, /is https:\/\/api\.example\.com with a user\./);
      assert.ok(!message.includes("hunter2"));
    });
  }

  it("is rejected with the name of the environment variable if it came from there", () => {
    assert.match(
      captureRefusal(() => createSettings({}, { CLICKHOUSE_API_URL: "nonsense" }).getApiUrl("read")),
      /in environment CLICKHOUSE_API_URL is not a URL/,
    );
  });
});

describe("the setting usdPerComputeUnitHour", () => {
  const getPrice = (text: string) =>
    createSettings({ "clickpipes:usdPerComputeUnitHour": text }).usdPerComputeUnitHour;

  it("is undefined if it is not set", () => assert.equal(createSettings().usdPerComputeUnitHour, undefined));

  for (const [text, usd] of [
    ["0.15", 0.15],
    [" 1 ", 1],
    ["0.02", 0.02],
  ] as const) {
    it(`accepts "${text}"`, () => assert.equal(getPrice(text), usd));
  }

  for (const text of ["0", "-0", "0x0", "1e-300", "0.0199"]) {
    it(`rejects "${text}", which is below a tenth of the list price`, () => {
      assert.match(
        captureRefusal(() => getPrice(text)),
        /usdPerComputeUnitHour is below \$0\.02, a tenth of the list price\..*allowLowPrice true/,
      );
    });

    it(`accepts "${text}" if the stack allows a low price`, () => {
      const settings = createSettings({
        "clickpipes:usdPerComputeUnitHour": text,
        "clickpipes:allowLowPrice": "true",
      });
      assert.equal(settings.usdPerComputeUnitHour, Number(text));
    });
  }

  for (const text of ["cheap", "-0.2", "Infinity", "NaN", "0,2", "$0.2"]) {
    it(`rejects "${text}"`, () => {
      assert.match(
        captureRefusal(() => getPrice(text)),
        /^Reading the price of a compute unit failed: stack config clickpipes:usdPerComputeUnitHour is ".+"\. Set it to US dollars/,
      );
    });
  }
});

import assert from "node:assert/strict";
import { parseOwnerFields, resolveMetadata } from "../../tools/release/metadata";

const ADDRESS = "https://git.example/owner/clickpipes";
const OWNER = { repository: ADDRESS, author: "The Owner", homepage: "", bugs: "" };
const NONE = { repository: "", author: "", homepage: "", bugs: "" };
const ACTIONS = {
  GITHUB_ACTIONS: "true",
  GITHUB_SERVER_URL: "https://git.example",
  GITHUB_REPOSITORY: "owner/clickpipes",
};

describe("the metadata of a release", () => {
  it("follows from the repository and the author", () => {
    assert.deepEqual(resolveMetadata(OWNER, {}), {
      repository: { type: "git", url: `git+${ADDRESS}.git` },
      homepage: `${ADDRESS}#readme`,
      bugs: { url: `${ADDRESS}/issues` },
      author: "The Owner",
    });
  });

  it("has the homepage and the address for bugs that the owner set", () => {
    const own = { homepage: "https://site.example", bugs: "https://bugs.example" };
    const { homepage, bugs } = resolveMetadata({ ...OWNER, ...own }, {});
    assert.deepEqual([homepage, bugs], ["https://site.example", { url: "https://bugs.example" }]);
  });

  for (const suffix of [".git", "/", ".git/"]) {
    it(`is the same for an address that ends in ${suffix}`, () => {
      const given = { ...OWNER, repository: ADDRESS + suffix };
      assert.deepEqual(resolveMetadata(given, {}), resolveMetadata(OWNER, {}));
    });
  }

  it("takes the repository from GitHub Actions if the owner set none", () => {
    const { repository } = resolveMetadata({ ...OWNER, repository: "" }, ACTIONS);
    assert.equal(repository.url, `git+${ADDRESS}.git`);
  });

  it("ignores the variables of GitHub Actions outside of it", () => {
    const variables = { ...ACTIONS, GITHUB_ACTIONS: undefined, GITHUB_REPOSITORY: "other/fork" };
    assert.equal(resolveMetadata(OWNER, variables).repository.url, `git+${ADDRESS}.git`);
  });

  it("fails if another repository builds it than the owner's", () => {
    assert.throws(
      () => resolveMetadata(OWNER, { ...ACTIONS, GITHUB_REPOSITORY: "other/fork" }),
      /names the repository https:\/\/git\.example\/owner\/clickpipes, but https:\/\/git\.example\/other\/fork builds the release\./,
    );
  });

  it("names every field that is missing, and where to set it", () => {
    assert.throws(() => resolveMetadata(NONE, {}), {
      message: [
        "project.json lacks repository and author. Set in project.json, in the root of the repository:",
        '  "repository": "https://HOST/OWNER/REPOSITORY",',
        '  "author": "NAME <ADDRESS> (URL)"',
      ].join("\n"),
    });
  });

  it("names only the author if GitHub Actions names the repository", () => {
    assert.throws(() => resolveMetadata(NONE, ACTIONS), /^Error: project\.json lacks author\. Set in/);
  });

  for (const repository of [
    "owner/clickpipes",
    "http://git.example/a/b",
    "https://user:word@git.example/a/b",
  ]) {
    it(`refuses the repository ${repository}`, () => {
      assert.throws(
        () => resolveMetadata({ ...OWNER, repository }, {}),
        /^Error: repository in project\.json must be an https address without a user, got /,
      );
    });
  }
});

describe("project.json", () => {
  it("may leave fields out", () => {
    assert.deepEqual(parseOwnerFields("{}"), NONE);
  });

  it("may not have a field that nothing reads", () => {
    assert.throws(
      () => parseOwnerFields('{ "repo": "" }'),
      /has repo; it takes repository, author, homepage, bugs/,
    );
  });

  it("may not have a field that is not text", () => {
    assert.throws(
      () => parseOwnerFields('{ "author": {} }'),
      /^Error: author in project\.json must be text$/,
    );
  });
});

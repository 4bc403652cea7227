// Where conversations are kept: in this browser's own database, in the library under the reader's login, or, where a
// browser keeps nothing, in this tab. Heads are what a list shows; bodies hold the answers.
newsdesk.keeping = (() => {
  const done = (request) => new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

  const holds = (head, words) => words.every((word) => `${head.name.toLowerCase()} ${head.text}`.includes(word));

  async function inBrowser(name) {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("heads", { keyPath: "id" });
      request.result.createObjectStore("bodies", { keyPath: "id" });
    };
    const database = await done(request);
    const stores = (mode) => {
      const transaction = database.transaction(["heads", "bodies"], mode);
      return [transaction.objectStore("heads"), transaction.objectStore("bodies")];
    };
    const heads = () => done(stores("readonly")[0].getAll());
    return {
      heads,
      body: async (id) => (await done(stores("readonly")[1].get(id)))?.turns ?? [],
      holding: async (words) => (await heads()).filter((head) => holds(head, words)).map((head) => head.id),
      // False where more than `known` answers are kept already: another tab has gone on with it.
      async put(head, turns, known) {
        const [heads, bodies] = stores("readwrite");
        if (((await done(bodies.get(head.id)))?.turns.length ?? 0) > known) return false;
        bodies.put({ id: head.id, turns });
        await done(heads.put(head));
        return true;
      },
      rename: (head, name) => done(stores("readwrite")[0].put({ ...head, name })),
      async remove(ids) {
        const [heads, bodies] = stores("readwrite");
        for (const id of ids) {
          bodies.delete(id);
          await done(heads.delete(id));
        }
      },
    };
  }

  function inTab() {
    const heads = new Map();
    const bodies = new Map();
    return {
      heads: async () => [...heads.values()],
      body: async (id) => bodies.get(id) ?? [],
      holding: async (words) => [...heads.values()].filter((head) => holds(head, words)).map((head) => head.id),
      async put(head, turns) {
        heads.set(head.id, head);
        bodies.set(head.id, turns);
        return true;
      },
      rename: async (head, name) => heads.set(head.id, { ...head, name }),
      async remove(ids) { ids.forEach((id) => { heads.delete(id); bodies.delete(id); }); },
    };
  }

  function inLibrary() {
    async function call(path = "", method = "GET", given) {
      const sent = given && { headers: { "content-type": "application/json" }, body: JSON.stringify(given) };
      const answer = await fetch(new URL(`conversations${path}`, location.href), { method, ...sent });
      if (!answer.ok) throw new Error(`${answer.status} of ${method} conversations`);
      return answer.json();
    }
    return {
      isShared: true,
      heads: async () => (await call()).map(({ changed, answers, ...head }) => ({ ...head, when: changed, count: answers })),
      body: (id) => call(`/${id}`),
      holding: (words) => call(`/holding?${new URLSearchParams(words.map((word) => ["word", word]))}`),
      put: async (head, turns, known) => (await call(`/${head.id}`, "PUT", { name: head.name, changed: head.when, known, turns })).kept,
      rename: (head, name) => call(`/${head.id}`, "PATCH", { name }),
      remove: (ids) => call("/removed", "POST", { ids }),
    };
  }

  return { inBrowser, inTab, inLibrary };
})();

const MOST = 30;

/** The reader's last queries, newest first, kept in this browser. */
export function queryHistory(study: string): {read(): string[]; add(sql: string): void} {
  const key = `stratum-queries-${study}`;
  const read = (): string[] => {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(key) ?? "[]");
      return Array.isArray(kept) ? kept.filter((sql): sql is string => typeof sql === "string") : [];
    } catch {
      // A browser may forbid storage, or hold something else under this name.
      return [];
    }
  };
  return {
    read,
    add(sql) {
      try {
        localStorage.setItem(key, JSON.stringify([sql, ...read().filter((past) => past !== sql)].slice(0, MOST)));
      } catch {
        // Without storage there is no history, and the query has run all the same.
      }
    }
  };
}

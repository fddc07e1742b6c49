// Node's side of Rows_of_Azurite: works on Azurite's own table store, in this process, and prints what it answers. Each run does the same.
const { join } = require('node:path');
const [installed, file, task] = process.argv.slice(2);
const { default: Store } = require(join(installed, 'table', 'persistence', 'LokiTableMetadataStore.js'));
const store = new Store(file, false);
const [account, table] = ['dev', 'rows'];
const rowOf = (PartitionKey, RowKey, number) =>
  ({ PartitionKey, RowKey, eTag: `W/"${number}"`, lastModifiedTime: `time ${number}`, properties: { number, [`of${number % 3}`]: number } });

const operations = {
  insert: (row, tag, batch) => store.insertTableEntity({}, table, account, row, batch),
  replace: (row, tag, batch) => store.insertOrUpdateTableEntity({}, table, account, row, tag, batch),
  merge: (row, tag, batch) => store.insertOrMergeTableEntity({}, table, account, row, tag, batch),
  delete: (row, tag, batch) => store.deleteTableEntity({}, table, account, row.PartitionKey, row.RowKey, tag ?? '*', batch),
  find: (row, tag, batch) => store.queryTableEntitiesWithPartitionAndRowKey({}, table, account, row.PartitionKey, row.RowKey, batch),
};

const shown = row => row && { key: [row.PartitionKey, row.RowKey], eTag: row.eTag, time: row.lastModifiedTime, ...row.properties };
const all = async () => (await store.queryTableEntities({}, account, table, {}))[0].map(shown);
const answer = async work => {
  try {
    return shown(await work);
  } catch (error) {
    return error.storageErrorCode ?? error.message;
  }
};
const say = what => console.log(JSON.stringify(what));

// Keys that lokijs takes for numbers and that are equal as such, that differ in case only, and that are neither.
const keys = ['a', 'A', '1', '1.0', '10', '2', 'H!1', 'E0000000001', 'ä', ''];
let last = 7;
const random = below => (last = (last * 48271) % 2147483647) % below;

const tasks = {
  // Thousands of operations at random, a third of them in batches, half of which are rolled back.
  async act() {
    await store.createTable({}, { account, table });
    let number = 0;
    const act = async batch => {
      const name = Object.keys(operations)[random(5)];
      const row = rowOf(keys[random(4)], keys[random(keys.length)], ++number);
      const tag = [undefined, '*', `W/"${number - 1 - random(100)}"`][random(3)];
      say([name, row.PartitionKey, row.RowKey, tag, await answer(operations[name](row, tag, batch))]);
    };
    while (number < 6000) {
      if (random(3) > 0) {
        await act('');
      } else {
        await store.beginBatchTransaction('batch');
        for (let left = 1 + random(5); left > 0; left--) await act('batch');
        say(['batch', await answer(store.endBatchTransaction(account, table, 'batch', {}, random(2) > 0))]);
        // Azurite refuses a row that is twice in a batch before it comes here: where such a batch fails, it keeps what is to be rolled back.
        store.transactionRollbackTheseEntities = [];
        store.transactionDeleteTheseEntities = [];
      }
      if (number % 20 === 0) say(await all());
    }
  },

  // All rows, then each by its keys.
  async read() {
    const rows = await all();
    say(rows);
    for (const { key: [partition, row] } of rows) say(shown(await operations.find({ PartitionKey: partition, RowKey: row })));
  },

  // How many places of lokijs' arrays are read or written by one operation among ten thousand rows.
  async count() {
    await store.createTable({}, { account, table });
    for (let number = 0; number < 10000; number++) await operations.insert(rowOf(`p${number}`, `r${number}`, number), undefined, '');
    let touched = 0;
    const counted = array => new Proxy(array, {
      get: (target, place) => (touched += typeof place === 'string' && place >= '0' && place <= ':', target[place]),
      set: (target, place, value) => (touched++, target[place] = value, true),
    });
    const collection = store.db.getCollection(`${account}$${table}`);
    collection.ensureId();
    collection.data = counted(collection.data);
    collection.idIndex = counted(collection.idIndex);
    for (const index of Object.values(collection.binaryIndices)) index.values = counted(index.values);
    for (const name of ['find', 'insert', 'replace', 'merge', 'delete']) {
      touched = 0;
      await operations[name](name === 'insert' ? rowOf('p', 'r', 0) : rowOf('p99', 'r99', 0), '*', '');
      say({ name, touched });
    }
  },
};

store.init().then(tasks[task]).then(() => store.close());

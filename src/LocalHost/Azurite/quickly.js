// Loads Azurite without the library of its telemetry, two thirds of its start, which it loads before it looks whether telemetry is wanted;
// and with tables that cost the same however many rows they have.
const Module = require('node:module');
const load = Module._load;

// Azurite keeps the rows of a table in an array, with an index on each of their two keys, and asks these indexes for nothing but the row
// that has both. So the rows are kept in a map by their keys instead, from the first time that one is looked up, and the indexes go: a row
// that is replaced is taken out and put in again, for which lokijs moves, and counts down, what comes behind it in each of them.
const quicken = loki => {
  const collection = loki.Collection.prototype;
  const { add, update, remove, findOne } = collection;
  const tables = new WeakMap();

  const put = (table, row) => {
    if (!table.has(row.PartitionKey)) table.set(row.PartitionKey, new Map());
    table.get(row.PartitionKey).set(row.RowKey, row);
  };

  const mapOf = collection => {
    if (!tables.has(collection)) {
      const table = new Map();
      for (const row of collection.data) put(table, row);
      tables.set(collection, table);
      collection.binaryIndices = {};
    }
    return tables.get(collection);
  };

  collection.findOne = function (query) {
    if (typeof query?.PartitionKey !== 'string' || typeof query.RowKey !== 'string') return findOne.call(this, query);
    return mapOf(this).get(query.PartitionKey)?.get(query.RowKey) ?? null;
  };

  collection.add = function (row) {
    const added = add.call(this, row);
    if (tables.has(this)) put(tables.get(this), added);
    return added;
  };

  collection.update = function (row) {
    const updated = update.call(this, row);
    if (tables.has(this)) put(tables.get(this), updated);
    return updated;
  };

  collection.remove = function (row) {
    if (!tables.has(this) || row.$loki === undefined) return remove.call(this, row);
    const partition = tables.get(this).get(row.PartitionKey);
    if (partition?.get(row.RowKey) !== row) return null;
    partition.delete(row.RowKey);
    if (partition.size === 0) tables.get(this).delete(row.PartitionKey);
    swapWithLast(this, row);
    return remove.call(this, row);
  };

  // What comes behind a row that is removed moves up, so none is to be behind it. Their numbers stay in order: lokijs searches by them.
  const swapWithLast = (collection, row) => {
    const { data } = collection;
    const [, position] = collection.get(row.$loki, true);
    const last = data[data.length - 1];
    [data[position], data[data.length - 1]] = [last, row];
    [row.$loki, last.$loki] = [last.$loki, row.$loki];
  };

  return loki;
};

let loki;
Module._load = (request, ...rest) => {
  if (request === 'applicationinsights') return {};
  return request === 'lokijs' ? loki ??= quicken(load(request, ...rest)) : load(request, ...rest);
};
require(process.argv[1]);

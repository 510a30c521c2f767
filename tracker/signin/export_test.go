package signin

// Hashing is what passwords cost, for tests to make it less.
var Hashing = hashing

parser grammar SqlGrammar;

options { tokenVocab = SqlLexer; }

/*
 * Statements stand side by side under one rule, not factored by their first word: then a wrong second word is
 * reported with what was read so far. Only parentheses make a rule enter itself again, and the lexer bounds those.
 */
singleStatement : statement SEMI* EOF ;

statement
  : CREATE (DATABASE | STORAGE GROUP) path (WITH attribute (COMMA? attribute)*)?          # createDatabase
  | SET STORAGE GROUP TO path                                                             # setStorageGroup
  | (DELETE | DROP) (DATABASE | STORAGE GROUP) path (COMMA path)*                         # dropDatabases
  | SHOW (DATABASES | STORAGE GROUP) path?                                                # showDatabases
  | COUNT (DATABASES | STORAGE GROUP) path?                                               # countDatabases
  | SET TTL TO path (INT | DURATION)                                                      # setTtl
  | UNSET TTL (TO | FROM) path                                                            # unsetTtl
  | SHOW (ALL TTL | TTL ON path (COMMA path)*)                                            # showTtl
  | CREATE TIMESERIES path alias? definition tagging*                                     # createTimeseries
  | CREATE ALIGNED TIMESERIES path LPAREN alignedColumn (COMMA alignedColumn)* RPAREN     # createAlignedTimeseries
  | (DELETE | DROP) TIMESERIES path (COMMA path)*                                         # dropTimeseries
  | SHOW TIMESERIES path? limits                                                          # showTimeseries
  | COUNT TIMESERIES path?                                                                # countTimeseries
  | SHOW DEVICES path? limits                                                             # showDevices
  | COUNT DEVICES path?                                                                   # countDevices
  | DELETE FROM path (COMMA path)* (WHERE condition)?                                     # deleteData
  | INSERT INTO path insertColumns ALIGNED? VALUES insertRows                             # insert
  | select                                                                                # selectStatement
  | FLUSH (path (COMMA path)*)? scope?                                                    # flush
  | LOAD CONFIGURATION scope?                                                             # loadConfiguration
  | SCRUB (REGIONS | REGION INT (COMMA INT)*) scope?                                      # scrub
  | SET TIME_ZONE EQ zone                                                                 # setTimeZone
  | SHOW VERSION                                                                          # showVersion
  | SHOW CLUSTER DETAILS?                                                                 # showCluster
  | SHOW CLUSTERID                                                                        # showClusterId
  | SHOW DATANODES                                                                        # showDataNodes
  | SHOW CONFIGNODES                                                                      # showConfigNodes
  | SHOW (DATA | SCHEMA)? REGIONS (OF DATABASE? path (COMMA path)*)?                      # showRegions
  | SHOW VARIABLES                                                                        # showVariables
  | EXTEND REGION INT (COMMA INT)* TO to=INT                                              # extendRegion
  | REMOVE REGION INT (COMMA INT)* FROM from=INT                                          # removeRegion
  | MIGRATE REGION INT (COMMA INT)* FROM from=INT TO to=INT                               # migrateRegion
  | REMOVE (DATANODE | DATANODES) INT (COMMA INT)*                                        # removeDataNodes
  | REMOVE CONFIGNODE INT                                                                 # removeConfigNode
  | SHOW PIPESINKTYPE                                                                     # showPipeSinkTypes
  | SHOW (PIPESINKS | PIPESINK identifier?)                                               # showPipeSinks
  | CREATE PIPESINK name=identifier AS type=identifier
      (LPAREN sinkAttribute (COMMA? sinkAttribute)* RPAREN)?                              # createPipeSink
  | ALTER PIPESINK name=identifier SET?
      LPAREN sinkAttribute (COMMA? sinkAttribute)* RPAREN                                 # alterPipeSink
  | DROP PIPESINK identifier                                                              # dropPipeSink
  | SHOW (PIPES | PIPE identifier?)                                                       # showPipes
  | SHOW PIPE identifier DETAILS                                                          # showPipeDetails
  | SHOW PIPE identifier QUARANTINE                                                       # showPipeQuarantine
  | RETRY PIPE identifier QUARANTINE                                                      # retryPipeQuarantine
  | VERIFY PIPE identifier                                                                # verifyPipe
  | REPAIR PIPE identifier                                                                # repairPipe
  | CREATE PIPE name=identifier TO sink=identifier (FROM LPAREN select RPAREN)?
      (WITH attribute (COMMA? attribute)*)?                                               # createPipe
  | START PIPE identifier                                                                 # startPipe
  | STOP PIPE identifier                                                                  # stopPipe
  | DROP PIPE identifier                                                                  # dropPipe
  | CREATE USER userName password=STRING                                                  # createUser
  | DROP USER userName                                                                    # dropUser
  | ALTER USER userName SET PASSWORD password=STRING                                      # setPassword
  | LIST USER                                                                             # listUsers
  | (START | STOP | SHOW) PIPESERVER                                                      # pipeServer
  ;

// ---- time series

definition    : WITH? type=typeName? (COMMA? WITH? attribute)* ;
typeName      : ID | TIMESTAMP ;
alias         : LPAREN identifier RPAREN ;
tagging       : (TAGS | ATTRIBUTES) LPAREN attribute (COMMA attribute)* RPAREN ;
alignedColumn : identifier alias? definition tagging* ;
limits        : (LIMIT limit=INT (OFFSET offset=INT)? | OFFSET offset=INT (LIMIT limit=INT)?)? ;

// ---- rows. Each is turned into values when it ends and leaves the tree: a statement may have a million.

insertColumns : LPAREN insertColumn (COMMA insertColumn)* RPAREN ;
insertColumn  : TIME | TIMESTAMP | identifier ;
insertRows    : insertRow (COMMA insertRow)* ;
insertRow     : LPAREN literal (COMMA literal)* RPAREN ;
literal
  : NULL                                                # nullLiteral
  | TRUE                                                # trueLiteral
  | FALSE                                               # falseLiteral
  | (PLUS | MINUS)? (number | NAN)                      # numberLiteral
  | STRING                                              # stringLiteral
  | BLOB                                                # blobLiteral
  | (DATETIME | NOW LPAREN RPAREN) (sign DURATION)*     # timeLiteral
  ;
sign   : PLUS | MINUS ;
number : INT | DECIMAL | EXPONENT | DOT (INT | EXPONENT) ;

// ---- queries. Wider than what is executed, so that what is not can be refused by name.

select
  : SELECT LAST? selectColumn (COMMA selectColumn)* intoClause? FROM path (COMMA path)* (WHERE condition)? selectTail*
  ;
selectColumn : condition (AS identifier)? ;
intoClause   : INTO refused ;
selectTail
  : ORDER BY (TIME (ASC | DESC)? | expression (ASC | DESC)?) (COMMA expression (ASC | DESC)?)*    # orderBy
  | (LIMIT | OFFSET | SLIMIT | SOFFSET) INT                                                                          # limitOrOffset
  | ALIGN BY TIME                                                                                 # alignByTime
  | ALIGN BY ID                                                                                    # alignByDevice
  | (GROUP BY | HAVING | FILL | DISABLE ALIGN) refused            # unsupportedTail
  ;
// Entered when the words before it are complete: they are refused then, and what follows is never read.
refused : ;

condition   : conjunction ((OR | BAR) conjunction)* ;
conjunction : negation ((AND | AMP) negation)* ;
negation    : (NOT | BANG)* comparison ;
comparison
  : expression ((LT | LE | GT | GE | EQ | EQEQ | NE) expression | predicate)?
  ;
predicate
  : NOT? BETWEEN expression AND expression                                                # between
  | NOT? (IN | CONTAINS) LPAREN expression (COMMA expression)* RPAREN                     # in
  | NOT? (LIKE | REGEXP) STRING                                                           # like
  | IS NOT? NULL                                                                          # isNull
  ;
expression : term (sign term)* ;
term       : factor ((STAR | SLASH | PERCENT) factor)* ;
factor     : sign* primary ;
primary
  : constant                                                                              # constantOperand
  | (TIME | TIMESTAMP)                                                                    # timeOperand
  | identifier LPAREN (condition (COMMA condition)*)? RPAREN                              # function
  | suffixPath                                                                            # pathOperand
  | LPAREN condition RPAREN                                                               # grouped
  ;
constant : number | DURATION | STRING | BLOB | DATETIME | NOW LPAREN RPAREN | TRUE | FALSE | NULL | NAN ;

// ---- words

path       : ROOT (DOT node)* ;
suffixPath : node (DOT node)* ;
node       : identifier | TIME | TIMESTAMP | ROOT | GLOB | STAR | STARS ;

userName       : identifier | ROOT ;
scope          : ON (LOCAL | CLUSTER) ;
zone           : STRING | (identifier | INT | DECIMAL | PLUS | MINUS | SLASH)+ ;
attribute      : attributeKey EQ attributeValue ;
attributeKey   : identifier | STRING ;
// A number is no sink's attribute, which is said when the statement is executed; an ip without quotes ends in one.
sinkAttribute  : sinkKey EQ attributeValue ;
sinkKey        : identifier | STRING | number ;
attributeValue : sign? number | identifier | TIME | TIMESTAMP | STRING | DATETIME ;

identifier : ID | QUOTED_ID | DURATION | EXPONENT | keyword ;
keyword
  : ALIGN | ALIGNED | ALL | ALTER | AND | AS | ASC | ATTRIBUTES | BETWEEN | BY | CLUSTER | CLUSTERID | CONFIGNODE
  | CONFIGNODES | CONFIGURATION | CONTAINS | COUNT | CREATE | DATA | DATABASE | DATABASES | DATANODE
  | DATANODES | DELETE | DESC | DETAILS | DEVICES | DISABLE | DROP | EXTEND | FALSE | FILL | FLUSH | FROM
  | GROUP | HAVING | IN | INSERT | INTO | IS | LAST | LIKE | LIMIT | LIST | LOAD | LOCAL | MIGRATE | NAN | NOT | NOW
  | NULL | OF | OFFSET | ON | OR | ORDER | PASSWORD | PIPE | PIPES | PIPESERVER | PIPESINK | PIPESINKS | PIPESINKTYPE
  | QUARANTINE | REGEXP | REGION | REGIONS | REMOVE | REPAIR | RETRY | SCHEMA | SCRUB | SELECT | SET | SHOW | SLIMIT | SOFFSET
  | START | STOP | STORAGE | TAGS | TIMESERIES | TIME_ZONE | TO | TRUE | TTL | UNSET | USER | VALUES | VARIABLES | VERIFY | VERSION
  | WHERE | WITH
  ;

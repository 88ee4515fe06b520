lexer grammar SqlLexer;

options { caseInsensitive = true; }

// Keywords. Each is a name too: a new one goes into rule "keyword" of SqlGrammar.g4 as well.
ALIGN         : 'ALIGN' ;
ALIGNED       : 'ALIGNED' ;
ALL           : 'ALL' ;
ALTER         : 'ALTER' ;
AND           : 'AND' ;
AS            : 'AS' ;
ASC           : 'ASC' ;
ATTRIBUTES    : 'ATTRIBUTES' ;
BETWEEN       : 'BETWEEN' ;
BY            : 'BY' ;
CLUSTER       : 'CLUSTER' ;
CLUSTERID     : 'CLUSTERID' ;
CONFIGNODE    : 'CONFIGNODE' ;
CONFIGNODES   : 'CONFIGNODES' ;
CONFIGURATION : 'CONFIGURATION' ;
CONTAINS      : 'CONTAINS' ;
COUNT         : 'COUNT' ;
CREATE        : 'CREATE' ;
DATA          : 'DATA' ;
DATABASE      : 'DATABASE' ;
DATABASES     : 'DATABASES' ;
DATANODE      : 'DATANODE' ;
DATANODES     : 'DATANODES' ;
DELETE        : 'DELETE' ;
DESC          : 'DESC' ;
DETAILS       : 'DETAILS' ;
DEVICES       : 'DEVICES' ;
DISABLE       : 'DISABLE' ;
DROP          : 'DROP' ;
EXTEND        : 'EXTEND' ;
FALSE         : 'FALSE' ;
FILL          : 'FILL' ;
FLUSH         : 'FLUSH' ;
FROM          : 'FROM' ;
GROUP         : 'GROUP' ;
HAVING        : 'HAVING' ;
IN            : 'IN' ;
INSERT        : 'INSERT' ;
INTO          : 'INTO' ;
IS            : 'IS' ;
LAST          : 'LAST' ;
LIKE          : 'LIKE' ;
LIMIT         : 'LIMIT' ;
LIST          : 'LIST' ;
LOAD          : 'LOAD' ;
LOCAL         : 'LOCAL' ;
MIGRATE       : 'MIGRATE' ;
NAN           : 'NAN' ;
NOT           : 'NOT' ;
NOW           : 'NOW' ;
NULL          : 'NULL' ;
OF            : 'OF' ;
OFFSET        : 'OFFSET' ;
ON            : 'ON' ;
OR            : 'OR' ;
ORDER         : 'ORDER' ;
PASSWORD      : 'PASSWORD' ;
PIPE          : 'PIPE' ;
PIPES         : 'PIPES' ;
PIPESERVER    : 'PIPESERVER' ;
PIPESINK      : 'PIPESINK' ;
PIPESINKS     : 'PIPESINKS' ;
PIPESINKTYPE  : 'PIPESINKTYPE' ;
QUARANTINE    : 'QUARANTINE' ;
REGEXP        : 'REGEXP' ;
REGION        : 'REGION' ;
REGIONS       : 'REGIONS' ;
REMOVE        : 'REMOVE' ;
REPAIR        : 'REPAIR' ;
RETRY         : 'RETRY' ;
ROOT          : 'ROOT' ;
SCHEMA        : 'SCHEMA' ;
SELECT        : 'SELECT' ;
SET           : 'SET' ;
SHOW          : 'SHOW' ;
SLIMIT        : 'SLIMIT' ;
SOFFSET       : 'SOFFSET' ;
START         : 'START' ;
STOP          : 'STOP' ;
STORAGE       : 'STORAGE' ;
TAGS          : 'TAGS' ;
TIME          : 'TIME' ;
TIMESERIES    : 'TIMESERIES' ;
TIMESTAMP     : 'TIMESTAMP' ;
TIME_ZONE     : 'TIME_ZONE' ;
TO            : 'TO' ;
TRUE          : 'TRUE' ;
TTL           : 'TTL' ;
UNSET         : 'UNSET' ;
USER          : 'USER' ;
VALUES        : 'VALUES' ;
VARIABLES     : 'VARIABLES' ;
VERIFY        : 'VERIFY' ;
VERSION       : 'VERSION' ;
WHERE         : 'WHERE' ;
WITH          : 'WITH' ;

SEMI    : ';' ;
COMMA   : ',' ;
DOT     : '.' ;
LPAREN  : '(' ;
RPAREN  : ')' ;
EQ      : '=' ;
EQEQ    : '==' ;
NE      : '!=' | '<>' ;
LE      : '<=' ;
LT      : '<' ;
GE      : '>=' ;
GT      : '>' ;
AMP     : '&' | '&&' ;
BAR     : '|' | '||' ;
BANG    : '!' ;
PLUS    : '+' ;
MINUS   : '-' ;
SLASH   : '/' ;
PERCENT : '%' ;
STAR    : '*' ;
STARS   : '**' ;

INT      : DIGIT+ ;
// A number with a point can be one token, because a node of digits alone is never part of a path.
DECIMAL  : DIGIT+ '.' DIGIT+ ('E' [+-]? DIGIT+)? | DIGIT+ 'E' [+-] DIGIT+ ;
// 1e5 and 1d are names as well: what stands around them decides.
EXPONENT : DIGIT+ 'E' DIGIT+ ;
DURATION : (DIGIT+ ('Y' | 'MO' | 'W' | 'D' | 'H' | 'M' | 'S' | 'MS' | 'US' | 'NS'))+ ;
// The shape of a date; whether there is such a day is checked when it is resolved.
DATETIME : DATE (('T' | ' '+) CLOCK ZONE?)? ;

BLOB      : 'X' '\'' HEX* '\'' ;
STRING    : '\'' (~'\'' | '\'\'')* '\'' | '"' (~'"' | '""')* '"' ;
ID        : NAME_CHAR+ ;
QUOTED_ID : '`' (~'`' | '``')+ '`' ;
// A node that stands for many: d*, *d, *d*. A star inside is lexed here to be refused as one word.
GLOB      : '*' NAME_CHAR+ ('*' NAME_CHAR+)* '*'? | NAME_CHAR+ ('*' NAME_CHAR+)* '*' | NAME_CHAR+ ('*' NAME_CHAR+)+ ;

// U+00A0 comes with text copied from pages.
BLANK : [ \t\r\n\f\u00A0\u3000]+ -> skip ;

fragment DIGIT     : [0-9] ;
fragment HEX       : [0-9A-F] ;
fragment NAME_CHAR : [\p{L}\p{N}_:@#${}] ;
fragment DATE      : DIGIT+ '-' DIGIT+ '-' DIGIT+ | DIGIT+ '/' DIGIT+ '/' DIGIT+ | DIGIT+ '.' DIGIT+ '.' DIGIT+ ;
fragment CLOCK     : DIGIT+ ':' DIGIT+ (':' DIGIT+ ('.' DIGIT+)?)? ;
fragment ZONE      : 'Z' | [+-] DIGIT+ ':' DIGIT+ ;

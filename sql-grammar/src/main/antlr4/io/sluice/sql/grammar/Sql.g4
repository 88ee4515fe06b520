grammar Sql;
statement : FLUSH EOF ;
FLUSH : [Ff][Ll][Uu][Ss][Hh] ;
WS : [ \t\r\n]+ -> skip ;
